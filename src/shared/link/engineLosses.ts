import type { Fault } from '../faults';

/** An engine that dies more often than this with the same photos open is not given them again unasked. */
const LOSSES_MAX = 3;
const LOSSES_WITHIN_MS = 60_000;

/** How often the engine died lately, as one page saw it. `now`: milliseconds on a clock that only goes forwards. */
export class EngineLosses {
  private times: number[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The engine died. */
  note(): void {
    this.times = [...this.times, this.now()].slice(-LOSSES_MAX);
  }

  /** Why a photo is not opened again by itself; undefined: nothing speaks against it. */
  refusal(): Fault | undefined {
    const [first] = this.times;
    if (this.times.length < LOSSES_MAX || this.now() - first! >= LOSSES_WITHIN_MS) return undefined;
    return {
      code: 'engine-lost',
      message: `The engine stopped ${LOSSES_MAX} times within a minute with this photo open, so it was not opened again by itself; try it alone.`,
    };
  }
}
