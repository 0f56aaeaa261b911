import type { Catalogue } from '../methods/catalogue';
import type { Method } from '../methods/method';
import type { Paces, Unmeasured } from '../methods/pace';
import type { Queue } from '../schedule/queue';

/** A run of a network cannot be interrupted: none begins within this time after somebody wanted something. */
const QUIET_MS = 3000;

/** In whose name the queue is asked. */
const CLIENT = 'measuring';

export interface IdleMeasuringParts {
  readonly catalogue: Pick<Catalogue, 'all'>;
  readonly paces: Pick<Paces, 'unknown' | 'measure'>;
  readonly queue: Pick<Queue, 'whenIdle' | 'idle' | 'turnsGiven'>;
}

/** How fast methods are, measured while nobody wants anything: what is timed has the engine for itself. */
export class IdleMeasuring {
  /** Methods whose turn is asked for, each once as its files are. */
  private readonly asked = new WeakSet<Method>();

  constructor(private readonly parts: IdleMeasuringParts) {}

  /** Has what was never measured be measured some time later. */
  begin(): void {
    const { catalogue, paces } = this.parts;
    const unknown = paces.unknown(catalogue.all).filter(({ method }) => !this.asked.has(method));
    for (const { method } of unknown) this.asked.add(method);
    void this.measureAll(unknown);
  }

  private async measureAll(unknown: readonly Unmeasured[]): Promise<void> {
    const { catalogue, paces, queue } = this.parts;
    let turnsSeen = -1;
    for (const { method, scale } of unknown) {
      if (queue.turnsGiven !== turnsSeen) await this.untilQuiet();
      await queue
        .whenIdle(CLIENT, async () => {
          turnsSeen = queue.turnsGiven;
          if (catalogue.all.includes(method))
            await paces.measure(method, new AbortController().signal, scale);
        })
        .catch(() => undefined); // what can wait may fail too: the next engine tries it again
    }
  }

  /** Resolves once nobody had a turn for a while. */
  private async untilQuiet(): Promise<void> {
    const { queue } = this.parts;
    let turns: number;
    do {
      turns = queue.turnsGiven;
      await new Promise<void>((resolve) => setTimeout(resolve, QUIET_MS).unref());
    } while (queue.turnsGiven !== turns || !queue.idle);
  }
}
