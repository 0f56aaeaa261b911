import { Mutex } from '../../shared/mutex';
import type { Store, Verdict } from '../state/store';
import { inShort } from './deviceWords';

export interface VerdictsParts {
  readonly store: Store;
  /** One sentence for the user. */
  readonly notice: (sentence: string) => void;
}

/** A verdict without the time at which it was found. */
export type Judgement = Omit<Verdict, 'at'>;

/**
 * What is known of devices, remembered between starts. Each verdict is found once for all who ask, one at a
 * time, with a note in the store while it is being found: it says which one it was that ended the process.
 */
export class Verdicts {
  private readonly running = new Map<string, Promise<Verdict>>();
  private readonly oneAtATime = new Mutex();
  private hasComplained = false;

  constructor(private readonly parts: VerdictsParts) {}

  known(key: string): Verdict | undefined {
    return this.parts.store.state.verdicts[key];
  }

  /** The key whose verdict was being found when the last process ended, held against it from now on; or null. */
  async takeUnfinished(says: string): Promise<string | null> {
    const { trying } = this.parts.store.state;
    // Another engine, of the application or the command line, may be trying at this moment.
    if (trying === null || (trying.process !== process.pid && isRunning(trying.process))) return null;
    const key = trying.verdict;
    await this.change((state) => {
      state.trying = null;
      state.verdicts[key] = { ok: false, says, secondsPerMegapixel: null, at: Date.now() };
    });
    return key;
  }

  async remember(key: string, judgement: Judgement): Promise<Verdict> {
    const verdict = { ...judgement, at: Date.now() };
    await this.change((state) => (state.verdicts[key] = verdict));
    return verdict;
  }

  /** Finds a verdict; `failed` hears what `judge` threw, which makes a verdict against the device. */
  find(key: string, judge: () => Promise<Judgement>, failed?: (error: unknown) => void): Promise<Verdict> {
    const running = this.running.get(key);
    if (running) return running;
    const found = this.oneAtATime
      .run(() => this.findAlone(key, judge, failed))
      .finally(() => this.running.delete(key));
    this.running.set(key, found);
    return found;
  }

  private async findAlone(
    key: string,
    judge: () => Promise<Judgement>,
    failed: ((error: unknown) => void) | undefined,
  ): Promise<Verdict> {
    // The CPU does not end the process.
    if (!key.endsWith('|cpu'))
      await this.change((state) => (state.trying = { verdict: key, process: process.pid }));
    let judgement: Judgement;
    try {
      judgement = await judge();
    } catch (error) {
      failed?.(error);
      judgement = { ok: false, says: inShort(error), secondsPerMegapixel: null };
    }
    const verdict = { ...judgement, at: Date.now() };
    await this.change((state) => {
      state.trying = null;
      state.verdicts[key] = verdict;
    });
    return verdict;
  }

  /** A store that cannot be written is said once; what was found holds until the end of the process. */
  private async change(change: Parameters<Store['update']>[0]): Promise<void> {
    try {
      await this.parts.store.update(change);
    } catch (error) {
      if (this.hasComplained) return;
      this.hasComplained = true;
      this.parts.notice(error instanceof Error ? error.message : String(error));
    }
  }
}

const DAY_MS = 86_400_000;

/** Verdicts hold for a day: drivers and devices come and go without a word. */
export const isToday = ({ at }: Verdict): boolean => Date.now() - at < DAY_MS;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
