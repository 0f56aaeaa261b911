import { rmSync } from 'node:fs';
import type { EngineEvent, JobLine } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import type { Queue } from '../schedule/queue';
import type { Journal } from './journal';
import type { Work } from './kind';
import { isKeptFailure, type JobEnd, type JobState } from './ledger';
import { RunningJob } from './runningJob';
import type { Shelf } from './shelf';
import { Slots } from './slots';

export interface OwnJobsParts {
  readonly queue: Queue;
  /** The ledger on disk. */
  readonly shelf: Shelf;
  /** Tells every client; a line says to each whether the job is its own. */
  readonly tell: (eventFor: (client: string) => EngineEvent) => void;
}

/** Ended jobs that are remembered after whoever has them was told. */
const TOLD_MAX = 50;
/** And those of a page that was away: of a large batch, results that nobody can be told of otherwise. */
const UNTOLD_MAX = 5_000;

export const STOPPED: Fault = {
  code: 'stopped',
  message: 'Stopped before it was finished; nothing was left behind.',
};

/** The jobs that this engine works on or has ended: set going, brought to their end, told and forgotten. */
export class OwnJobs {
  private readonly jobs = new Map<string, RunningJob>();
  private readonly slots = new Slots();

  constructor(private readonly parts: OwnJobsParts) {
    // What was stopped leaves nothing behind, even where the process ends before it could.
    process.once('exit', () => {
      for (const job of this.jobs.values()) {
        if (job.isStopped) rmSync(job.folder, { recursive: true, force: true });
      }
    });
  }

  get(id: string): RunningJob | undefined {
    return this.jobs.get(id);
  }

  all(): RunningJob[] {
    return [...this.jobs.values()];
  }

  /** Has a job from now on; it does not run before `set`. */
  add(owner: string, state: JobState, journal: Journal | undefined, work: Work): RunningJob {
    const { queue, tell, shelf } = this.parts;
    const job = new RunningJob(state, journal, work, {
      queue,
      slots: this.slots,
      folder: shelf.folders.pathOf(state.job),
      onChange: () => this.changed(),
      onProgress: ({ state: { job: id } }, progress) =>
        tell(() => ({ event: 'job:progress', job: id, ...progress })),
    });
    job.owner = owner;
    this.jobs.set(state.job, job);
    return job;
  }

  /** Sets a job going once its line, which is the answer, is on its way. */
  set(job: RunningJob, client: string): JobLine {
    const line = job.line(client);
    setImmediate(() => void this.perform(job));
    return line;
  }

  /** A job's end: in the ledger, told to everybody, its files cleared away. A failure that is kept is the shelf's then. */
  async finish(job: RunningJob, end: JobEnd): Promise<void> {
    const { job: id } = job.state;
    // A ledger that cannot be written any more must not keep the end from being told.
    await job.end(end);
    await job.work.release?.();
    const isKept = job.journal !== undefined && isKeptFailure(job.state);
    if (isKept) {
      await this.parts.shelf.keepFailure(id, job.work.inputs ?? []);
      this.forget(id);
    } else await this.parts.shelf.clear(id);
    this.forgetOldest();
    this.parts.tell((client) => ({ event: 'job:ended', line: job.line(client) }));
    this.changed();
  }

  /** A job that cannot go on now, but later: told as failed, and broken off in the ledger. */
  private async breakOff(job: RunningJob, fault: Fault): Promise<void> {
    const { job: id } = job.state;
    const line: JobLine = { ...job.line(''), state: 'failed', fault };
    await job.journal?.close();
    await job.work.release?.();
    await this.parts.shelf.release(id);
    this.forget(id);
    this.parts.tell((client) => ({ event: 'job:ended', line: { ...line, mine: job.owner === client } }));
    this.changed();
  }

  forget(id: string): void {
    this.jobs.delete(id);
  }

  /** Tells everybody that the list of jobs is another. */
  changed(): void {
    this.parts.tell(() => ({ event: 'jobs:changed' }));
  }

  private async perform(job: RunningJob): Promise<void> {
    let end: JobEnd;
    try {
      this.changed();
      end = { as: 'done', result: await job.run() };
    } catch (error) {
      const fault = faultOf(error);
      if (!job.isStopped && job.journal && job.work.remains?.(fault)) {
        await this.breakOff(job, fault);
        return;
      }
      // Whatever a stop made fail first, a stop it is.
      end = job.isStopped ? { as: 'stopped', fault: STOPPED } : { as: 'failed', fault };
    }
    await this.finish(job, end);
  }

  private forgetOldest(): void {
    const ended = this.all().filter(({ state }) => state.end);
    const told = ended.filter(({ owner }) => owner !== undefined);
    const untold = ended.filter(({ owner }) => owner === undefined);
    const forgotten = [...told.slice(0, -TOLD_MAX), ...untold.slice(0, -UNTOLD_MAX)];
    for (const { state } of forgotten) this.forget(state.job);
  }
}
