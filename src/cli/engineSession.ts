import type {
  EngineCall,
  EngineEvent,
  MethodChange,
  ParamsInput,
  ProgressEvent,
  Value,
} from '../shared/contract';
import { FaultError, type Result } from '../shared/faults';

/** What a session needs of a link to the engine; `EngineLink` is one, tests bring their own. */
export interface Link {
  call<C extends EngineCall>(client: string, call: C, params: ParamsInput<C>): Promise<Result<Value<C>>>;
  close(): Promise<void>;
}

export type JobCall = Exclude<Extract<EngineCall, `job:${string}`>, 'job:stop'>;
type JobParams<C extends JobCall> = Omit<ParamsInput<C>, 'job'>;
export type OnProgress = (event: ProgressEvent) => void;

const CLIENT = 'cli';

/**
 * One command's conversation with the engine: values or thrown `FaultError`s, jobs with progress,
 * and one abort signal for all of it.
 */
export class EngineSession {
  private readonly progress = new Map<string, OnProgress>();
  private nextJob = 1;
  private readonly link: Link;

  constructor(
    connect: (onEvent: (event: EngineEvent) => void) => Link,
    readonly signal: AbortSignal,
    private readonly onNotice: (message: string) => void,
  ) {
    this.link = connect((event) => this.receive(event));
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

  /** A long call; an abort stops it between two tiles and waits until it has cleaned up after itself. */
  async job<C extends JobCall>(call: C, params: JobParams<C>, onProgress: OnProgress): Promise<Value<C>> {
    this.signal.throwIfAborted();
    const job = `${CLIENT}-${this.nextJob++}`;
    this.progress.set(job, onProgress);
    const stop = (): void => void this.link.call(CLIENT, 'job:stop', { job });
    this.signal.addEventListener('abort', stop, { once: true });
    try {
      return valueOf(await this.link.call(CLIENT, call, { ...params, job }));
    } finally {
      this.signal.removeEventListener('abort', stop);
      this.progress.delete(job);
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
    if (event.event === 'job:progress') this.progress.get(event.job)?.(event);
    else if (event.event === 'notice') this.onNotice(event.message);
    else if (event.event === 'methods:changed')
      event.changes.forEach((one) => this.onNotice(sentenceOf(one)));
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

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { code, message, ...more } = result.fault;
  throw new FaultError(code, message, more as { file?: string; detail?: string });
}
