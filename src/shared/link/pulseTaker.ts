import type { Pulse } from '../contract';

/** Loading the runtime and the codec from a slow disk, before the first answer. */
const START_SECONDS = 120;

/**
 * Notices an engine whose process stands still as a whole, its watchdog too: stopped by a signal, frozen with its
 * container, or waiting for a disk that is gone. Counts ticks in which it was silent instead of asking a clock: a
 * machine that sleeps, or a door that is stopped itself, stops them as well and is nobody's fault.
 */
export class PulseTaker {
  private silentTicks = 0;
  /** While it starts nobody is asked; then one question at a time. */
  private isWaiting = true;
  private limitSeconds = START_SECONDS;
  private workingSeconds = START_SECONDS;
  /** Whether it was called since it was asked: its answer, on its way already, does not know of that. */
  private isCalledSince = false;

  /** `ask` sends the question. */
  constructor(
    private readonly tickSeconds: number,
    private readonly ask: () => void,
    /** Factor on what the engine says of its silence. */
    private readonly patience = 1,
  ) {}

  /** The engine has started. */
  ready(): void {
    this.isWaiting = false;
    this.silentTicks = 0;
  }

  /** It answered. */
  felt({ silentSeconds, workingSeconds }: Pulse): void {
    this.isWaiting = false;
    this.silentTicks = 0;
    this.workingSeconds = workingSeconds * this.patience;
    this.limitSeconds = this.isCalledSince ? this.workingSeconds : silentSeconds * this.patience;
  }

  /**
   * It was called, and may be at work from now on. That does not excuse that it is silent already: it answers in
   * the order in which it is asked.
   */
  called(): void {
    this.isCalledSince = true;
    if (this.silentTicks === 0) this.limitSeconds = Math.max(this.limitSeconds, this.workingSeconds);
  }

  /** To be called every `tickSeconds`: how long the engine was silent, where that is too long. */
  tick(): number | undefined {
    if (!this.isWaiting) {
      this.isWaiting = true;
      this.isCalledSince = false;
      this.ask();
      return undefined;
    }
    this.silentTicks += 1;
    const silent = this.silentTicks * this.tickSeconds;
    return silent > this.limitSeconds ? silent : undefined;
  }
}
