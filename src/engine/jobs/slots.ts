/** Jobs under way at once: one is read or written while its neighbour computes. */
const JOBS_AT_ONCE = 2;

interface Waiting {
  readonly alone: boolean;
  readonly begin: () => void;
}

/**
 * Who may work. Jobs over which an engine has died before work alone among their like: should another die, it is
 * known which was the reason.
 */
export class Slots {
  private readonly waiting: Waiting[] = [];
  private taken = 0;
  private suspects = 0;

  constructor(private readonly atOnce: number = JOBS_AT_ONCE) {}

  /** Resolves with how to give the place back; rejects with the signal's reason. */
  take(alone: boolean, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        alone,
        begin: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.release(alone));
        },
      };
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiting);
      this.advance();
    });
  }

  private release(alone: boolean): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.taken -= 1;
      if (alone) this.suspects -= 1;
      this.advance();
    };
  }

  private advance(): void {
    while (this.taken < this.atOnce) {
      const index = this.waiting.findIndex(({ alone }) => !alone || this.suspects === 0);
      const next = this.waiting[index];
      if (!next) return;
      this.waiting.splice(index, 1);
      this.taken += 1;
      if (next.alone) this.suspects += 1;
      next.begin();
    }
  }
}
