import type { JobLine, JobProgress } from '../../shared/contract';
import type { EndTurn, Queue } from '../schedule/queue';
import type { LastingJob } from './job';
import type { Journal } from './journal';
import { follow, orderedLine, type JobEnd, type JobRecord, type JobState } from './ledger';
import { ProgressTeller } from './progressTeller';
import type { Slots } from './slots';
import type { Work } from './kind';

export interface RunningParts {
  readonly queue: Queue;
  readonly slots: Slots;
  readonly folder: string;
  /** Something about it changed that is more than progress. */
  readonly onChange: () => void;
  readonly onProgress: (job: RunningJob, progress: JobProgress) => void;
}

/** A job that this engine has: in its ledger's state, in a journal where it lasts, and under way or waiting. */
export class RunningJob {
  /** Whose it is; undefined: its page went, and nobody has asked for it since. */
  owner: string | undefined;
  /** Who is to have it again, and since when: pages that were there already do not take it meanwhile. */
  awaited: { readonly client: string; readonly since: number } | undefined;
  progress: JobProgress | null = null;
  private waitsForSlot = true;
  private wasPaused = false;
  private ownTurns = 0;
  /** Turns that anybody had had when it began. */
  private turnsBefore = 0;
  private lastState: JobState | undefined;
  private readonly stopping = new AbortController();
  private readonly teller: ProgressTeller;
  /** Resolves when a pause is over. */
  private pause: { over: Promise<void>; end: () => void } | undefined;
  private freeSlot: (() => void) | undefined;

  constructor(
    private now: JobState,
    readonly journal: Journal | undefined,
    readonly work: Work,
    private readonly parts: RunningParts,
  ) {
    this.progress = work.reached?.(now.marks) ?? null;
    if (now.paused) this.beginPause(); // held when its engine died: it is held still
    this.teller = new ProgressTeller((progress) => {
      this.progress = progress;
      parts.onProgress(this, progress);
    });
  }

  get state(): JobState {
    return this.lastState ?? this.journal?.state ?? this.now;
  }

  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** The folder that outlives the engine. */
  get folder(): string {
    return this.parts.folder;
  }

  async append(record: JobRecord): Promise<void> {
    if (this.journal) await this.journal.append(record);
    else this.now = follow(this.now, record);
  }

  /** Its last record, where it has none yet; the end is known here even where the ledger takes no more. */
  async end(end: JobEnd): Promise<void> {
    const { state } = this;
    this.lastState = { ...state, paused: false, end: end.as === 'done' ? end : (state.end ?? end) };
    await this.append({ record: 'ended', ...end }).catch(() => undefined);
    await this.journal?.close();
  }

  stop(): void {
    this.stopping.abort();
    this.pause?.end();
  }

  /** Holds it at its next turn. */
  async hold(): Promise<void> {
    if (this.pause || this.isStopped) return;
    this.beginPause();
    await this.append({ record: 'paused', paused: true });
  }

  async goOn(): Promise<void> {
    const { pause } = this;
    if (!pause) return;
    await this.append({ record: 'paused', paused: false });
    this.pause = undefined;
    this.teller.forgetPace();
    pause.end();
  }

  /** Waits until it may run, runs, and frees its place whatever happens. */
  async run(): Promise<unknown> {
    const { signal } = this.stopping;
    try {
      await this.takeSlot();
      await this.append({ record: 'taken', at: Date.now() });
      return await this.work.run(this.asJob(signal));
    } finally {
      this.giveSlot();
    }
  }

  line(client: string): JobLine {
    const { end } = this.state;
    const alive = this.pause ? 'paused' : this.waitsForSlot ? 'queued' : 'running';
    return {
      ...orderedLine(this.state),
      state: end?.as ?? alive,
      mine: this.owner === client,
      progress: this.progress,
      ...(end?.result === undefined ? {} : { result: end.result }),
      ...(end?.fault === undefined ? {} : { fault: end.fault }),
    };
  }

  private beginPause(): void {
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    this.pause = { over, end };
    this.wasPaused = true;
  }

  private asJob(signal: AbortSignal): LastingJob {
    this.turnsBefore = this.parts.queue.turnsGiven;
    const isDisturbed = (): boolean =>
      this.wasPaused || this.parts.queue.turnsGiven - this.turnsBefore > this.ownTurns;
    return {
      id: this.state.job,
      signal,
      turn: (priority = 'job') => this.turn(signal, priority),
      progress: (stage, done, total, label) => this.teller.tell(stage, done, total, label),
      marks: this.state.marks,
      mark: async (mark, further) => {
        await this.append({ record: 'mark', mark, ...(further && { further: true }) });
        if (further) await this.journal?.sync();
      },
      folder: this.parts.folder,
      get wasDisturbed() {
        return isDisturbed();
      },
    };
  }

  private async turn(signal: AbortSignal, priority: 'job' | 'idle'): Promise<EndTurn> {
    while (this.pause) {
      this.giveSlot(); // others may work meanwhile
      await this.pause.over;
      signal.throwIfAborted();
      await this.takeSlot();
    }
    // Each job is served in turn, whoever's it is.
    const endTurn = await this.parts.queue.turn({ priority, client: `job ${this.state.job}`, signal });
    this.ownTurns += 1;
    return endTurn;
  }

  private async takeSlot(): Promise<void> {
    if (this.freeSlot) return;
    this.waitsForSlot = true;
    const alone = this.state.fruitless > 0;
    this.freeSlot = await this.parts.slots.take(alone, this.stopping.signal);
    this.waitsForSlot = false;
    this.parts.onChange();
  }

  private giveSlot(): void {
    this.freeSlot?.();
    this.freeSlot = undefined;
    this.parts.queue.forget(`job ${this.state.job}`);
  }
}
