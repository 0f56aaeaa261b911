import { basename, join } from 'node:path';
import type { JobLine, PageDoorParams, PageDoorValue } from '../shared/contract';
import { valueOf } from '../shared/faults';
import { distinctNames, safeFileName } from '../shared/fileName';
import type { EngineLink } from '../shared/link/engineLink';
import type { JobKeeper } from '../shared/link/jobKeeper';
import type { PageDoorAnswers } from '../shared/link/pageDoor';
import { startEach } from '../shared/link/startEach';
import { chosen, type Desktop } from './desktop';

export interface WindowExportsParts {
  /** The name under which the engine knows this window. */
  readonly client: string;
  readonly link: EngineLink;
  readonly keeper: JobKeeper;
  readonly desktop: Desktop;
  /** Resolves once the engine that lives has a photo of the window's. */
  readonly photoReady: (photo: string) => Promise<void>;
}

type ExportCall =
  | 'door:export'
  | 'door:exportAll'
  | 'door:sheet'
  | 'door:evaluate'
  | 'door:reveal'
  | 'door:showModels'
  | 'model:export';

/** What one window makes on the user's disk: each time the user is asked where, by the system's own dialogs. */
export class WindowExports {
  readonly answers: Pick<PageDoorAnswers, ExportCall> = {
    'door:export': (params) => this.export(params),
    'door:exportAll': (params) => this.exportAll(params),
    'door:sheet': (params) => this.sheet(params),
    'door:evaluate': (params) => this.evaluate(params),
    'door:reveal': ({ job }) => this.reveal(job),
    'door:showModels': () => this.showModels(),
    'model:export': ({ id }) => this.exportModel(id),
  };

  constructor(private readonly parts: WindowExportsParts) {}

  private async export({
    order,
    suggestedName,
    orderId,
  }: PageDoorParams<'door:export'>): Promise<PageDoorValue<'door:export'>> {
    const { client, keeper, desktop, photoReady } = this.parts;
    const output = chosen(
      await desktop.dialogs.chooseExport(suggestedName, order.encoding.format),
      'No place was chosen to export to.',
    );
    return keeper.startExport(client, { order, output, title: basename(output.path), orderId, photoReady });
  }

  private async exportAll({
    files,
    batch,
  }: PageDoorParams<'door:exportAll'>): Promise<PageDoorValue<'door:exportAll'>> {
    const { client, keeper, desktop, photoReady } = this.parts;
    const folder = await this.chosenFolder();
    const names = files.map(({ order, suggestedName }) => safeFileName(suggestedName, order.encoding.format));
    const taken = await desktop.namesIn(folder);
    // What is there already keeps its name: only the new ones are told apart from it.
    const distinct = distinctNames([...taken, ...names]).slice(taken.length);
    const start = ({ order, orderId }: (typeof files)[number], index: number): Promise<JobLine> => {
      const title = distinct[index]!;
      const output = { path: join(folder, title), overwrite: false };
      return keeper.startExport(client, { order, output, title, batch, orderId, photoReady });
    };
    return startEach(files, start);
  }

  private async sheet({
    document,
    photos,
    format,
    suggestedName,
    orderId,
  }: PageDoorParams<'door:sheet'>): Promise<PageDoorValue<'door:sheet'>> {
    const { client, keeper, desktop } = this.parts;
    const target = chosen(
      await desktop.dialogs.chooseSheet(suggestedName, format),
      'No place was chosen for the sheet.',
    );
    const order = { document, photos, output: { ...target, format } };
    const asked = { kind: 'sheet', title: basename(target.path), orderId, order } as const;
    return keeper.start(client, asked);
  }

  private async evaluate(settings: PageDoorParams<'door:evaluate'>): Promise<PageDoorValue<'door:evaluate'>> {
    const { client, keeper, desktop } = this.parts;
    const dataset = chosen(await desktop.dialogs.chooseOriginals(), 'No folder of originals was chosen.');
    const asked = { kind: 'evaluate', order: { ...settings, dataset } } as const;
    return keeper.start(client, asked);
  }

  /** Into a folder of its own within the one that the user chooses; what is there already keeps its name. */
  private async exportModel(id: string): Promise<PageDoorValue<'model:export'>> {
    const { client, link, desktop } = this.parts;
    const folder = await this.chosenFolder();
    const taken = await desktop.namesIn(folder);
    const name = distinctNames([...taken, id]).at(-1)!;
    const path = join(folder, name);
    valueOf(await link.call(client, 'method:export', { id, path }));
    desktop.revealFile(path);
    return { name, download: null };
  }

  private async reveal(job: string): Promise<null> {
    const { client, link, desktop } = this.parts;
    const { path } = valueOf(await link.call(client, 'job:place', { job }));
    desktop.revealFile(path);
    return null;
  }

  private async showModels(): Promise<null> {
    const { client, link, desktop } = this.parts;
    const { path } = valueOf(await link.call(client, 'models:place', {}));
    desktop.revealFile(path);
    return null;
  }

  private async chosenFolder(): Promise<string> {
    return chosen(
      await this.parts.desktop.dialogs.chooseExportFolder(),
      'No folder was chosen to export to.',
    );
  }
}
