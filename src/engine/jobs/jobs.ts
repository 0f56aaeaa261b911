import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { EngineEvent, JobKindName, JobLine, JobOrder, Params } from '../../shared/contract';
import { FaultError, faultOf, type Fault } from '../../shared/faults';
import type { Client } from '../schedule/client';
import type { Queue } from '../schedule/queue';
import type { Journal } from './journal';
import { kindOf, type JobKinds, type Work } from './kind';
import { isDeadly, type JobEnd, type JobState } from './ledger';
import { RunningJob } from './runningJob';
import type { Shelf } from './shelf';
import { Slots } from './slots';

export interface JobsParts {
  readonly kinds: JobKinds;
  readonly queue: Queue;
  /** The ledger on disk. */
  readonly shelf: Shelf;
  /** Tells every client; a line says to each whether the job is its own. */
  readonly tell: (eventFor: (client: string) => EngineEvent) => void;
}

/** Ended jobs that are remembered for whoever was away. */
const ENDED_MAX = 50;
/** Without those that look alike. */
const ID_LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const ID_LENGTH = 8;

const STOPPED: Fault = {
  code: 'stopped',
  message: 'Stopped before it was finished; nothing was left behind.',
};

const freshId = (): string =>
  Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');

/**
 * The jobs of this engine, and those that engines before it left in the ledger. Jobs belong to the engine: they
 * go on when the page that started them is gone, and whoever lists them next has them.
 */
export class Jobs {
  private readonly known = new Map<string, RunningJob>();
  private readonly slots = new Slots();

  constructor(private readonly parts: JobsParts) {
    // What was stopped leaves nothing behind, even where the process ends before it could.
    process.once('exit', () => {
      for (const job of this.known.values()) {
        if (job.isStopped) rmSync(job.folder, { recursive: true, force: true });
      }
    });
  }

  /** Writes a job into the ledger and sets it going. Throws what its kind refuses. */
  async start(client: Pick<Client, 'id'>, asked: Params<'job:start'>): Promise<JobLine> {
    const job = freshId();
    try {
      return await this.begin(client, job, asked, asked.kind, asked.order);
    } catch (error) {
      await this.parts.shelf.clear(job);
      throw error;
    }
  }

  /** All jobs, oldest first. Those that nobody has any more become the client's. */
  async list(client: Pick<Client, 'id'>): Promise<JobLine[]> {
    const shelved = await this.parts.shelf.list();
    // From here on nothing is waited for: an end that was told must not be answered as a job that runs.
    for (const job of this.known.values()) job.owner ??= client.id;
    const mine = [...this.known.values()].map((job) => job.line(client.id));
    const others = shelved
      .filter(({ state }) => !this.known.has(state.job))
      .map(({ state, held }) => this.shelved(state, held));
    return [...mine, ...others].sort((a, b) => a.begunAt - b.begunAt);
  }

  /** Stops a job; one that has ended is as good as stopped. A broken off one is dropped. */
  async stop(id: string): Promise<void> {
    const job = this.known.get(id);
    if (!job) return this.parts.shelf.drop(id);
    if (job.state.end) return;
    // Into the ledger first: should the process end before the tile at hand does, it stays stopped.
    const written = job.append({ record: 'ended', as: 'stopped', fault: STOPPED }).catch(() => undefined);
    job.stop();
    await written;
    this.changed();
  }

  async pause(id: string): Promise<void> {
    const job = this.known.get(id);
    if (!job) throw await this.unknown(id);
    await job.hold();
    this.changed();
  }

  /** Takes a job from the ledger with all that it left; a running one is stopped first. */
  async drop(id: string): Promise<void> {
    const job = this.known.get(id);
    if (job?.state.end) this.known.delete(id);
    else await this.stop(id);
    this.changed();
  }

  async resume(
    client: Pick<Client, 'id'>,
    { job: id, anew, crashed, output }: Params<'job:resume'>,
  ): Promise<JobLine> {
    const known = this.known.get(id);
    if (known && !known.state.end) {
      known.owner ??= client.id;
      await known.goOn();
      this.changed();
      return known.line(client.id);
    }
    const journal = await this.parts.shelf.take(id);
    if (!journal) throw await this.unknown(id);
    try {
      const { state } = journal;
      const folder = this.parts.shelf.folders.pathOf(id);
      const work = kindOf(this.parts.kinds, state.kind)?.revive?.(state.order, {
        folder,
        output,
        anew,
      });
      if (!work || state.end) throw await this.unknown(id);
      if (crashed && isDeadly(state)) return await this.giveUp(client, journal, work);
      if (anew) {
        await work.clear?.(state.marks);
        await journal.append({ record: 'anew', order: work.stored });
      } else {
        await work.check?.(state.marks);
        if (!crashed) await journal.append({ record: 'renewed', order: work.stored });
      }
      await this.parts.shelf.folderFor(id); // a system that was started anew may have emptied its temporary folder
      const job = this.add(client, journal.state, journal, work);
      if (journal.state.paused) await job.hold();
      return this.set(job, client);
    } catch (error) {
      await journal.close();
      await this.parts.shelf.release(id);
      throw error;
    }
  }

  /** The absolute path of a job's file. */
  async placeOf(id: string): Promise<string> {
    const state = await this.parts.shelf.stateOf(id);
    const work = this.known.get(id)?.work ?? (state && this.parts.shelf.revived(state));
    if (work?.path === undefined) throw await this.unknown(id);
    return work.path;
  }

  /** A client is gone: its jobs go on, for whoever lists them next. Those that ended were told to it. */
  leave(client: string): void {
    const left = [...this.known.values()].filter(({ owner, state }) => owner === client && !state.end);
    for (const job of left) job.owner = undefined;
    if (left.length > 0) this.changed();
  }

  private async begin<K extends JobKindName>(
    client: Pick<Client, 'id'>,
    job: string,
    { batch, title }: Params<'job:start'>,
    kind: K,
    order: JobOrder<K>,
  ): Promise<JobLine> {
    const { kinds, shelf } = this.parts;
    const work = await kinds[kind].begin(order, client, () => shelf.folderFor(job));
    const lasts = work.stored !== undefined;
    const begun = {
      ...(batch === undefined ? {} : { batch }),
      record: 'begun' as const,
      version: 1 as const,
      job,
      kind,
      title: title ?? work.title,
      at: Date.now(),
      order: work.stored ?? null,
    };
    const { state, journal } = await shelf.put(begun, lasts);
    return this.set(this.add(client, state, journal, work), client);
  }

  private add(
    client: Pick<Client, 'id'>,
    state: JobState,
    journal: Journal | undefined,
    work: Work,
  ): RunningJob {
    const { queue, tell, shelf } = this.parts;
    const job = new RunningJob(state, journal, work, {
      queue,
      slots: this.slots,
      folder: shelf.folders.pathOf(state.job),
      onChange: () => this.changed(),
      onProgress: ({ state: { job: id } }, progress) =>
        tell(() => ({ event: 'job:progress', job: id, ...progress })),
    });
    job.owner = client.id;
    this.known.set(state.job, job);
    return job;
  }

  /** Sets a job going once its line is on its way. */
  private set(job: RunningJob, client: Pick<Client, 'id'>): JobLine {
    const line = job.line(client.id);
    setImmediate(() => void this.perform(job));
    return line;
  }

  private async perform(job: RunningJob): Promise<void> {
    let end: JobEnd;
    try {
      this.changed();
      end = { as: 'done', result: await job.run() };
    } catch (error) {
      // Whatever a stop made fail first, a stop it is.
      end = job.isStopped ? { as: 'stopped', fault: STOPPED } : { as: 'failed', fault: faultOf(error) };
    }
    await this.finish(job, end);
  }

  private async finish(job: RunningJob, end: JobEnd): Promise<void> {
    const { job: id } = job.state;
    // A ledger that cannot be written any more must not keep the end from being told.
    await job.end(end);
    await job.work.release?.();
    await this.parts.shelf.clear(id);
    this.forgetOldest();
    this.parts.tell((client) => ({ event: 'job:ended', line: job.line(client) }));
    this.changed();
  }

  private async giveUp(client: Pick<Client, 'id'>, journal: Journal, work: Work): Promise<JobLine> {
    const job = this.add(client, journal.state, journal, work);
    await work.clear?.(journal.state.marks);
    await this.finish(job, {
      as: 'failed',
      fault: {
        code: 'engine-lost',
        message: `The engine ended ${journal.state.fruitless} times while it worked on ${journal.state.title}; try another method or device.`,
        file: journal.state.title,
      },
    });
    return job.line(client.id);
  }

  private forgetOldest(): void {
    const ended = [...this.known.values()].filter(({ state }) => state.end);
    for (const { state } of ended.slice(0, Math.max(0, ended.length - ENDED_MAX)))
      this.known.delete(state.job);
  }

  private shelved(state: JobState, held: boolean): JobLine {
    const { job, batch, kind, title, begunAt, marks } = state;
    return {
      job,
      ...(batch === undefined ? {} : { batch }),
      kind: kind as JobKindName,
      title,
      state: held ? 'elsewhere' : 'broken',
      mine: false,
      begunAt,
      progress: this.parts.shelf.revived(state)?.reached?.(marks) ?? null,
    };
  }

  private async unknown(id: string): Promise<FaultError> {
    const there = (await this.list({ id: '' })).filter(({ state }) => state !== 'elsewhere');
    const ids = there.map(({ job }) => job).join(', ') || 'none';
    return new FaultError(
      'not-found',
      `Expected the id of a job that can be taken up, received ${id}; there are: ${ids}.`,
    );
  }

  private changed(): void {
    this.parts.tell(() => ({ event: 'jobs:changed' }));
  }
}
