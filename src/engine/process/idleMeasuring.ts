import type { Catalogue } from '../methods/catalogue';
import type { Method } from '../methods/method';
import type { Paces } from '../methods/pace';
import type { Queue } from '../schedule/queue';

/** The first look at a photo comes before measuring. */
const MEASURE_AFTER_MS = 3000;

/** In whose name the queue is asked. */
const CLIENT = 'measuring';

export interface IdleMeasuringParts {
  readonly catalogue: Pick<Catalogue, 'all'>;
  readonly paces: Pick<Paces, 'unknown' | 'measure'>;
  readonly queue: Pick<Queue, 'whenIdle'>;
}

/** How fast methods are, measured while nobody else has a turn: what is timed has the engine for itself. */
export class IdleMeasuring {
  /** Methods whose turn is asked for, each once as its files are. */
  private readonly asked = new WeakSet<Method>();

  constructor(private readonly parts: IdleMeasuringParts) {}

  /** Has what was never measured be measured some time later. */
  begin(): void {
    const { catalogue, paces, queue } = this.parts;
    const unknown = paces.unknown(catalogue.all).filter(({ method }) => !this.asked.has(method));
    if (unknown.length === 0) return;
    for (const { method } of unknown) this.asked.add(method);
    setTimeout(() => {
      for (const { method, scale } of unknown) {
        const work = async (): Promise<void> => {
          if (catalogue.all.includes(method))
            await paces.measure(method, new AbortController().signal, scale);
        };
        // What can wait may fail too: it is asked for again by the next engine.
        void queue.whenIdle(CLIENT, work).catch(() => undefined);
      }
    }, MEASURE_AFTER_MS).unref();
  }
}
