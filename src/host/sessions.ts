import { rm } from 'node:fs/promises';
import type { WebSocket } from 'ws';
import type { EngineEvent } from '../shared/contract';
import type { Fault } from '../shared/faults';
import { EngineLink, type EngineChild } from '../shared/link/engineLink';
import { JobKeeper } from '../shared/link/jobKeeper';
import { KeptTabs } from './keptTabs';
import type { Tab } from './tab';
import type { TabFiles } from './tabFiles';
import { TabSession, type TabSessionOptions } from './tabSession';

/** What hosts that were killed left. */
export interface EarlierHosts {
  readonly files: TabFiles;
  readonly left: readonly Tab[];
  /** Jobs whose files had come into their places. */
  readonly finished: readonly string[];
}

/** All open tabs, and the one engine that they share. */
export class Sessions {
  private readonly byClient = new Map<string, TabSession>();
  private readonly kept: KeptTabs;
  private readonly link: EngineLink;
  private readonly keeper: JobKeeper;

  constructor(
    spawnEngine: () => EngineChild,
    private readonly options: Omit<TabSessionOptions, 'link' | 'keeper' | 'tab' | 'mayComeBack'>,
    private readonly tell: (sentence: string) => void,
    { files, left, finished }: EarlierHosts,
  ) {
    this.kept = new KeptTabs(
      files,
      [...left],
      (path) => rm(path, { force: true, maxRetries: 3 }),
      ({ client }) => void (client !== undefined && this.link.call(client, 'client:close', {})),
    );
    this.link = new EngineLink({
      spawn: spawnEngine,
      onEvent: (client, event: EngineEvent) => {
        this.keeper.hear(event);
        this.byClient.get(client)?.door.tell(event);
      },
      onLost: (reason, restarted) => this.engineLost(reason, restarted),
      onStartedLate: () => this.engineRestored(),
    });
    this.keeper = new JobKeeper(this.link, (client, event) => this.byClient.get(client)?.door.tell(event));
    this.link.start();
    // Should its engine have died between the file's coming into place and saying so.
    for (const job of finished) void this.link.call('host', 'job:drop', { job });
  }

  /**
   * The tab that comes with a secret. One whose tab is connected and alive (a duplicated tab has its original's) gets a
   * fresh one; one that nobody had, what a killed host left, or a fresh one. Whoever takes a tab adds it, or gives it
   * back.
   */
  async tabOf(secret: string | undefined): Promise<Tab> {
    const connected = secret === undefined ? undefined : this.of(secret);
    if (connected && !(await connected.isAlive())) this.leave(connected);
    else if (connected) return this.kept.fresh();
    return this.kept.take(secret) ?? this.kept.takeAny();
  }

  /** Keeps a tab whose connection did not come about. */
  giveBackUnused(tab: Tab): void {
    if (!this.of(tab.secret)) this.kept.keep(tab);
  }

  /** A tab connected. */
  add(socket: WebSocket, tab: Tab): void {
    const session = new TabSession(socket, {
      ...this.options,
      link: this.link,
      keeper: this.keeper,
      tab,
      mayComeBack: (secret) => this.of(secret) !== undefined || this.kept.has(secret),
    });
    this.byClient.set(session.client, session);
    this.inherit(session);
    socket.once('close', () => this.leave(session));
  }

  /** The connected tab that a secret names. */
  of(secret: string): TabSession | undefined {
    return [...this.byClient.values()].find(({ tab }) => tab.secret === secret);
  }

  /** Ends every tab's work, then the engine; resolves when its process has ended. */
  close(): Promise<void> {
    this.byClient.clear();
    this.kept.clear();
    return this.link.close();
  }

  /** What a tab ordered before its connection ended is its own, whatever other tabs there are. */
  private inherit({ client, tab }: TabSession): void {
    const earlier = tab.client;
    tab.client = client;
    if (earlier === undefined) return;
    tab.settled = tab.settled.then(() => this.link.call(client, 'client:follow', { earlier }));
  }

  private leave(session: TabSession): void {
    if (!this.byClient.delete(session.client)) return;
    const { tab } = session;
    this.kept.keep(tab);
    tab.settled = Promise.all([tab.settled, session.end()]);
  }

  private engineRestored(): void {
    for (const { door } of this.byClient.values()) void door.engineRestored();
  }

  private engineLost(reason: string, restarted: boolean): void {
    const fault: Fault = {
      code: 'engine-lost',
      message: restarted
        ? 'The engine stopped unexpectedly and was started again.'
        : 'The engine stopped unexpectedly three times in a row; `enlarger doctor` says what is wrong.',
      detail: reason,
    };
    this.tell(`${fault.message} (${reason})`);
    for (const { door } of this.byClient.values()) door.engineLost(fault);
    void this.keeper.engineLost(reason, restarted);
    if (restarted) this.engineRestored();
  }
}
