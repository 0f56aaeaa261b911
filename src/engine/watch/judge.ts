import type { Run, Signs } from './vitalSigns';

/** How long the engine may show no sign of life. */
export interface Patience {
  /** Between two looks. */
  readonly tickSeconds: number;
  readonly idleSeconds: number;
  /** While it does something other than running a network. */
  readonly workingSeconds: number;
}

/** Why the engine is to be ended. */
export interface Sentence {
  readonly says: string;
  readonly seconds: number;
  /** The run that did not end, if it was one. */
  readonly run: Run | undefined;
}

/**
 * Looks at the signs once a tick, and says when there were none for too long. Counts looks instead of asking a
 * clock: a machine that sleeps, or a process that is stopped, stops both threads and is nobody's fault.
 */
export class Judge {
  private lastBeats = -1;
  private silentTicks = 0;

  constructor(private readonly patience: Patience) {}

  judge({ beats, doing, run }: Signs): Sentence | undefined {
    if (beats !== this.lastBeats) {
      this.lastBeats = beats;
      this.silentTicks = 0;
      return undefined;
    }
    this.silentTicks += 1;
    const { tickSeconds, idleSeconds, workingSeconds } = this.patience;
    const seconds = this.silentTicks * tickSeconds;
    const limit = run ? run.limitSeconds : doing === 'idle' ? idleSeconds : workingSeconds;
    if (seconds <= limit) return undefined;
    const says = run
      ? `${run.method} was at one run of its network for ${said(seconds)}, where ${said(run.limitSeconds)} are far more than it needs`
      : `it showed no sign of life for ${said(seconds)} with ${doing === 'idle' ? 'nothing' : 'work'} to do`;
    return { says, seconds, run };
  }
}

const said = (seconds: number): string => `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
