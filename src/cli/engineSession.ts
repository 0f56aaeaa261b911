import {
  jobKinds,
  readBy,
  type EngineCall,
  type EngineEvent,
  type JobKindName,
  type JobLine,
  type JobOrderInput,
  type JobResult,
  type MethodChange,
  type Params,
  type ParamsInput,
  type ProgressEvent,
  type Value,
} from '../shared/contract';
import { errorOf, FaultError, valueOf, type Result } from '../shared/faults';
import { JobKeeper } from '../shared/link/jobKeeper';

/** What a session needs of a link to the engine; `EngineLink` is one, tests bring their own. */
export interface Link {
  call<C extends EngineCall>(client: string, call: C, params: ParamsInput<C>): Promise<Result<Value<C>>>;
  close(): Promise<void>;
}

/** What a link tells unasked. */
export interface Hears {
  readonly onEvent: (event: EngineEvent) => void;
  readonly onLost: (reason: string, restarted: boolean) => void;
}

export type OnProgress = (event: ProgressEvent) => void;

/** What an interrupt asks of a job: to leave nothing behind, or to end with what it has. */
export type StopCall = 'job:stop' | 'finetune:finish';

const CLIENT = 'cli';

/**
 * One command's conversation with the engine: values or thrown `FaultError`s, jobs with progress,
 * and one abort signal for all of it.
 */
export class EngineSession {
  private readonly progress = new Map<string, OnProgress>();
  /** How each job ended, and who waits for it. */
  private readonly ended = new Map<string, JobLine>();
  private readonly waiting = new Map<string, (line: JobLine) => void>();
  private readonly link: Link;
  private readonly keeper: JobKeeper;

  constructor(
    connect: (hears: Hears) => Link,
    readonly signal: AbortSignal,
    private readonly onNotice: (message: string) => void,
  ) {
    this.link = connect({
      onEvent: (event) => this.receive(event),
      onLost: (reason, restarted) => void this.keeper.engineLost(reason, restarted),
    });
    this.keeper = new JobKeeper(this.link, (_client, event) => this.receive(event));
  }

  /** A call that is over at once; an abort does not wait for its answer. */
  async call<C extends EngineCall>(call: C, params: ParamsInput<C>): Promise<Value<C>> {
    const stopped = this.whenAborted();
    try {
      return valueOf(await Promise.race([this.link.call(CLIENT, call, params), stopped.promise]));
    } finally {
      stopped.release();
    }
  }

  /**
   * Starts a job and waits for its end; an abort stops it between two tiles, and waits until it has
   * cleaned up, or by `stopBy`. `takeUp`: a broken off job of the very same order goes on in its place.
   */
  async job<K extends JobKindName>(
    kind: K,
    order: JobOrderInput<K>,
    onProgress: OnProgress,
    { stopBy = 'job:stop', takeUp = false }: { readonly stopBy?: StopCall; readonly takeUp?: boolean } = {},
  ): Promise<JobResult<K>> {
    this.signal.throwIfAborted();
    const asked = { kind, order, takeUp } as ParamsInput<'job:start'>; // a union of kinds is no kind to the compiler
    const end = await this.endOf(await this.keeper.start(CLIENT, asked), onProgress, stopBy);
    return readBy(jobKinds[kind].result, end.result, `result of ${kind}`);
  }

  /** Lets a job of the ledger go on and waits for its end, like `job`. */
  async resume(
    params: Pick<Params<'job:resume'>, 'job' | 'anew'>,
    onProgress: OnProgress,
    stopBy: StopCall = 'job:stop',
  ): Promise<JobLine> {
    this.signal.throwIfAborted();
    return this.endOf(await this.keeper.resume(CLIENT, params), onProgress, stopBy);
  }

  private async endOf({ job }: JobLine, onProgress: OnProgress, stopBy: StopCall): Promise<JobLine> {
    this.progress.set(job, onProgress);
    const stop = (): void => {
      // Where there is nothing to finish yet, there is nothing to keep either.
      void this.link.call(CLIENT, stopBy, { job }).then((result) => {
        if (!result.ok && stopBy !== 'job:stop') void this.link.call(CLIENT, 'job:stop', { job });
      });
    };
    if (this.signal.aborted) stop();
    else this.signal.addEventListener('abort', stop, { once: true });
    try {
      const end = this.ended.get(job) ?? (await new Promise<JobLine>((told) => this.waiting.set(job, told)));
      if (end.state === 'done') return end;
      throw errorOf(end.fault ?? { code: 'stopped', message: 'Stopped.' });
    } finally {
      this.signal.removeEventListener('abort', stop);
      this.progress.delete(job);
      this.waiting.delete(job);
      this.ended.delete(job);
    }
  }

  /** Says goodbye, so that the engine frees what it held on disk, and ends it. */
  async close(): Promise<void> {
    try {
      await this.link.call(CLIENT, 'client:close', {});
    } catch {
      // The engine could not even be started, which the command itself has said.
    }
    await this.link.close();
  }

  private receive(event: EngineEvent): void {
    this.keeper.hear(event);
    if (event.event === 'job:progress') this.progress.get(event.job)?.(event);
    else if (event.event === 'job:ended') {
      this.ended.set(event.line.job, event.line);
      this.waiting.get(event.line.job)?.(event.line);
    } else if (event.event === 'notice') this.onNotice(event.message);
    else if (event.event === 'methods:changed') {
      event.changes.forEach((one) => this.onNotice(sentenceOf(one)));
    }
  }

  private whenAborted(): { promise: Promise<never>; release: () => void } {
    let release = (): void => undefined;
    const promise = new Promise<never>((_, reject) => {
      const abort = (): void => reject(new FaultError('stopped', 'Stopped before it was finished.'));
      if (this.signal.aborted) abort();
      else {
        this.signal.addEventListener('abort', abort, { once: true });
        release = () => this.signal.removeEventListener('abort', abort);
      }
    });
    return { promise, release };
  }
}

const sentenceOf = ({ id, change }: MethodChange): string => `The method ${id} was ${change}.`;
