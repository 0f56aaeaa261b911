import type { OfferedModel, PageDoorParams, PageDoorValue } from '../contract';
import { FaultError } from '../faults';
import type { JobKeeper } from './jobKeeper';

interface Offered {
  readonly name: string;
  readonly path: string;
  /** The door wrote it itself and deletes it with the offer. */
  readonly temporary: boolean;
}

export interface OfferedModelsOptions {
  /** The name under which the engine knows the page. */
  readonly client: string;
  readonly keeper: Pick<JobKeeper, 'start'>;
  readonly removeFile: (path: string) => Promise<void>;
}

/** Model files that a page was given by hand: it holds tokens, the door paths. They go with the connection. */
export class OfferedModels {
  private readonly offered = new Map<string, Offered>();

  constructor(private readonly options: OfferedModelsOptions) {}

  /** Takes a file in; what the page is told of it. */
  offer(file: Offered): OfferedModel {
    const model = `model-${crypto.randomUUID()}`;
    this.offered.set(model, file);
    return { model, name: file.name };
  }

  async import({ model, ...words }: PageDoorParams<'model:import'>): Promise<PageDoorValue<'model:import'>> {
    const found = this.offered.get(model);
    if (!found) {
      throw new FaultError('not-found', 'Expected a model that was just given; drop its file once more.');
    }
    const { client, keeper } = this.options;
    const order = { ...words, path: found.path, file: found.name };
    return keeper.start(client, { kind: 'import', title: found.name, order });
  }

  async forget({ model }: PageDoorParams<'model:forget'>): Promise<null> {
    const found = this.offered.get(model);
    this.offered.delete(model);
    // What cannot be deleted now lies in the door's private folder and goes with it.
    if (found?.temporary) await this.options.removeFile(found.path).catch(() => undefined);
    return null;
  }

  /** The page is gone. */
  async close(): Promise<void> {
    await Promise.all([...this.offered.keys()].map((model) => this.forget({ model })));
  }
}
