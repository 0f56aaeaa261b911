import type { JobKindName, JobLine, JobOrder, Params } from '../../shared/contract';
import { FaultError, faultOf } from '../../shared/faults';
import type { Client } from '../schedule/client';
import { shelvedLine, takeUp, type TakenUp } from './brokenJob';
import { Elsewhere } from './elsewhere';
import { freshJobId } from './jobId';
import type { JobKinds, Work } from './kind';
import type { JobState } from './ledger';
import { OwnJobs, STOPPED, type OwnJobsParts } from './ownJobs';

export interface JobsParts extends OwnJobsParts {
  readonly kinds: JobKinds;
}

/** Kinds that leave no file: all that comes of them is their result. */
const RESULT_ALONE: readonly string[] = ['evaluate', 'recommend'] satisfies JobKindName[];

/**
 * The jobs of this engine, and those that engines before it left in the ledger. Jobs belong to the engine: they
 * go on when the page that started them is gone, and whoever lists them next has them.
 */
export class Jobs {
  private readonly own: OwnJobs;
  private readonly elsewhere: Elsewhere;

  constructor(private readonly parts: JobsParts) {
    this.own = new OwnJobs(parts);
    this.elsewhere = new Elsewhere({
      isHeld: (job) => parts.shelf.isElsewhere(job),
      changed: () => this.own.changed(),
    });
  }

  /** Writes a job into the ledger and sets it going. Throws what its kind refuses. */
  async start(client: Pick<Client, 'id'>, asked: Params<'job:start'>): Promise<JobLine> {
    const job = freshJobId();
    try {
      return await this.begin(client, job, asked, asked.kind, asked.order);
    } catch (error) {
      await this.parts.shelf.clear(job);
      throw error;
    }
  }

  /** All jobs, oldest first. Those that nobody has become the client's, unless it was there when their page went to come back. */
  async list(client: Pick<Client, 'id' | 'since'>): Promise<JobLine[]> {
    const { shelf } = this.parts;
    const shelved = await shelf.settled((job) => this.own.get(job) !== undefined);
    this.elsewhere.listed(shelved.flatMap(({ state, held }) => (held ? [state.job] : [])));
    // From here on nothing is waited for: an end that was told must not be answered as a job that runs.
    for (const job of this.own.all()) {
      if (job.owner !== undefined || client.since < (job.awaited?.since ?? 0)) continue;
      job.owner = client.id;
    }
    const mine = this.own.all().map((job) => job.line(client.id));
    const others = shelved
      .filter(({ state }) => !this.own.get(state.job))
      .map(({ state, held }) => shelvedLine(shelf, state, held));
    return [...mine, ...others].sort((a, b) => a.begunAt - b.begunAt);
  }

  /** Stops a job; one that has ended is as good as stopped. A broken off one is dropped. */
  async stop(id: string): Promise<void> {
    const job = this.own.get(id);
    if (!job) return this.parts.shelf.drop(id);
    if (job.state.end) return;
    // Into the ledger first: should the process end before the tile at hand does, it stays stopped.
    const written = job.append({ record: 'ended', as: 'stopped', fault: STOPPED }).catch(() => undefined);
    job.stop();
    await written;
    this.own.changed();
  }

  async pause(id: string): Promise<void> {
    const job = this.own.get(id);
    if (!job) throw await this.unknown(id);
    await job.hold();
    this.own.changed();
  }

  /** Takes a job from the ledger with all that it left; a running one is stopped first. */
  async drop(id: string): Promise<void> {
    const job = this.own.get(id);
    if (job?.state.end) this.own.forget(id);
    else await this.stop(id);
    this.own.changed();
  }

  /** Lets a paused or broken off job go on, as the client's. Throws what its kind refuses. */
  async resume(client: Pick<Client, 'id'>, asked: Params<'job:resume'>): Promise<JobLine> {
    const known = this.own.get(asked.job);
    if (known && !known.state.end) {
      known.owner ??= client.id;
      await known.goOn();
      this.own.changed();
      return known.line(client.id);
    }
    const taken = await takeUp(this.parts.shelf, this.parts.kinds, asked);
    if (!taken) throw await this.unknown(asked.job);
    if (taken.deadly) return this.giveUp(client, taken);
    const { journal, work } = taken;
    return this.own.set(this.own.add(client.id, journal.state, journal, work), client.id);
  }

  /** The absolute path of a job's file. */
  async placeOf(id: string): Promise<string> {
    const state = await this.parts.shelf.stateOf(id);
    const work = this.own.get(id)?.work ?? (state && this.parts.shelf.revived(state));
    if (work?.path === undefined) throw await this.unknown(id);
    return work.path;
  }

  /**
   * A client is gone: its jobs go on, for whoever lists them next, who is also told what failed, and what measurements
   * found, as it is nowhere else. Where it `comesBack` they are for itself, or for a page that comes after it: another that
   * is open, too, would have them before a reload is done.
   */
  leave(client: string, comesBack = false): void {
    const concerns = ({ end, kind }: JobState): boolean =>
      end === undefined || end.as === 'failed' || RESULT_ALONE.includes(kind);
    const left = this.own
      .all()
      .filter(({ owner, awaited, state }) => (owner ?? awaited?.client) === client && concerns(state));
    for (const job of left) {
      job.owner = undefined;
      job.awaited = comesBack ? { client, since: performance.now() } : undefined;
    }
    if (left.length > 0) this.own.changed();
  }

  /** The client is who was called `earlier` before: it has the jobs that wait for that one. */
  follow(client: string, earlier: string): void {
    const left = this.own.all().filter(({ owner, awaited }) => !owner && awaited?.client === earlier);
    for (const job of left) job.owner = client;
    if (left.length > 0) this.own.changed();
  }

  private async begin<K extends JobKindName>(
    client: Pick<Client, 'id'>,
    job: string,
    { batch, orderId, title, takeUp: wantsLeft, keepsFailure }: Params<'job:start'>,
    kind: K,
    order: JobOrder<K>,
  ): Promise<JobLine> {
    const { kinds, shelf } = this.parts;
    const work = await kinds[kind].begin(order, client, () => shelf.folderFor(job));
    const left = wantsLeft ? await this.goOnWithLeft(client, work, kind) : undefined;
    if (left) {
      await work.release?.();
      await shelf.clear(job);
      return left;
    }
    const lasts = work.stored !== undefined;
    const begun = {
      ...(batch === undefined ? {} : { batch }),
      ...(orderId === undefined ? {} : { orderId }),
      record: 'begun' as const,
      version: 1 as const,
      job,
      kind,
      title: title ?? work.title,
      at: Date.now(),
      order: work.stored ?? null,
      ...(keepsFailure && { keepsFailure: true as const }),
    };
    const { state, journal } = await shelf.put(begun, lasts);
    return this.own.set(this.own.add(client.id, state, journal, work), client.id);
  }

  /**
   * Lets the broken off job that makes the very same file go on; undefined where there is none. One that cannot, since
   * its photo or method has changed, is dropped.
   */
  private async goOnWithLeft(
    client: Pick<Client, 'id'>,
    work: Work,
    kind: JobKindName,
  ): Promise<JobLine | undefined> {
    const left = (await this.parts.shelf.list()).find(
      ({ state, held }) =>
        state.kind === kind && !held && !state.end && !this.own.get(state.job) && work.isFor?.(state.order),
    );
    if (!left) return undefined;
    const { job } = left.state;
    try {
      return await this.resume(client, { job, anew: false, crashed: false });
    } catch (error) {
      if (faultOf(error).code !== 'bad-option') throw error;
      await this.parts.shelf.drop(job).catch(() => undefined); // another engine may have it by now
      return undefined;
    }
  }

  /** Ends a job over which engines died, with a sentence. */
  private async giveUp(client: Pick<Client, 'id'>, { journal, work }: TakenUp): Promise<JobLine> {
    const { state } = journal;
    const job = this.own.add(client.id, state, journal, work);
    await this.own.finish(job, {
      as: 'failed',
      fault: {
        code: 'engine-lost',
        message: `The engine ended ${state.fruitless} times while it worked on ${state.title}; try another method or device.`,
        file: state.title,
      },
    });
    return job.line(client.id);
  }

  private async unknown(id: string): Promise<FaultError> {
    const there = (await this.list({ id: '', since: 0 })).filter(({ state }) => state !== 'elsewhere');
    const ids = there.map(({ job }) => job).join(', ') || 'none';
    return new FaultError(
      'not-found',
      `Expected the id of a job that can be taken up, received ${id}; there are: ${ids}.`,
    );
  }
}
