import type { EngineEvent, JobLine, PageDoorParams, ParamsInput } from '../contract';
import { valueOf, type Fault } from '../faults';
import type { EngineLink } from './engineLink';

interface Kept {
  readonly client: string;
  readonly line: JobLine;
}

interface Export {
  /** As the page asked for it. */
  readonly order: PageDoorParams<'door:export'>['order'];
  readonly output: { readonly path: string; readonly overwrite: boolean };
  readonly title: string;
  readonly batch?: string | undefined;
  readonly orderId?: string | undefined;
  /** Resolves once the engine that lives has a photo of the page's. */
  readonly photoReady: (photo: string) => Promise<void>;
}

/**
 * A door's memory of the jobs that run for its clients: after the engine died and was started again it lets them
 * go on. What cannot go on ends here, in the same event as any other end.
 */
export class JobKeeper {
  private readonly running = new Map<string, Kept>();
  private readonly gone = new Set<string>();

  constructor(
    private readonly link: Pick<EngineLink, 'call'>,
    private readonly onEnded: (client: string, event: EngineEvent) => void,
  ) {}

  /** Starts a job for a client. Throws the engine's fault. */
  async start(client: string, asked: ParamsInput<'job:start'>): Promise<JobLine> {
    return this.started(client, valueOf(await this.link.call(client, 'job:start', asked)));
  }

  /**
   * Starts what a page asked to export; one that fails stays in the queue until the user has seen it. Where the engine
   * dies meanwhile, the next one is asked, once: the rest of a batch is not lost with an engine that was just beginning.
   */
  async startExport(
    client: string,
    { order, output, title, batch, orderId, photoReady }: Export,
  ): Promise<JobLine> {
    const { photo } = order.enlargement;
    const asked = {
      kind: 'upscale',
      keepsFailure: true,
      title,
      batch,
      orderId,
      order: { ...order, output },
    } as const;
    await photoReady(photo);
    const first = await this.link.call(client, 'job:start', asked);
    if (first.ok || first.fault.code !== 'engine-lost') return this.started(client, valueOf(first));
    await photoReady(photo);
    return this.start(client, asked);
  }

  /** Lets a job of the ledger go on for a client. Throws the engine's fault. */
  async resume(client: string, asked: ParamsInput<'job:resume'>): Promise<JobLine> {
    return this.started(client, valueOf(await this.link.call(client, 'job:resume', asked)));
  }

  /** A job was started, or taken up again, for a client. */
  started(client: string, line: JobLine): JobLine {
    this.running.set(line.job, { client, line });
    return line;
  }

  /** Every event of the engine comes by here. */
  hear(event: EngineEvent): void {
    if (event.event === 'job:ended') this.running.delete(event.line.job);
  }

  /** A client's page went; its jobs go on. */
  clientGone(client: string): void {
    if ([...this.running.values()].some((kept) => kept.client === client)) this.gone.add(client);
  }

  /** The engine died. `restarted`: there is a new one. */
  async engineLost(reason: string, restarted: boolean): Promise<void> {
    const jobs = [...this.running.values()];
    for (const { client, line } of jobs) {
      const result = restarted
        ? await this.link.call(client, 'job:resume', { job: line.job, crashed: true })
        : undefined;
      if (!result?.ok) this.end(client, line, result?.fault.detail ?? reason);
      // Nobody's, for whoever lists it next.
      else if (this.gone.has(client)) await this.link.call(client, 'client:close', {});
    }
  }

  private end(client: string, line: JobLine, detail: string): void {
    if (!this.running.delete(line.job)) return; // the engine has told its end itself
    const fault: Fault = {
      code: 'engine-lost',
      message: 'The engine stopped unexpectedly; please try once more.',
      file: line.title,
      detail,
    };
    this.onEnded(client, { event: 'job:ended', line: { ...line, state: 'failed', fault } });
  }
}
