import type { WebSocket } from 'ws';
import type { EngineEvent } from '../shared/contract';
import type { Fault } from '../shared/faults';
import { EngineLink, type EngineChild } from '../shared/link/engineLink';
import { PageSession, type PageSessionOptions } from './pageSession';

/** All open tabs, and the one engine that they share. */
export class Sessions {
  private readonly byClient = new Map<string, PageSession>();
  private readonly link: EngineLink;

  constructor(
    spawnEngine: () => EngineChild,
    private readonly options: Omit<PageSessionOptions, 'link'>,
    private readonly tell: (sentence: string) => void,
  ) {
    this.link = new EngineLink({
      spawn: spawnEngine,
      onEvent: (client, event: EngineEvent) => this.byClient.get(client)?.door.tell(event),
      onLost: (reason, restarted) => this.engineLost(reason, restarted),
    });
    this.link.start();
  }

  /** A tab connected. */
  add(socket: WebSocket): void {
    const session = new PageSession(socket, { ...this.options, link: this.link });
    this.byClient.set(session.client, session);
    socket.once('close', () => {
      this.byClient.delete(session.client);
      void session.end();
    });
  }

  /** The tab that an upload names, if it is open. */
  of(client: string): PageSession | undefined {
    return this.byClient.get(client);
  }

  /** Ends every tab's work, then the engine; resolves when its process has ended. */
  close(): Promise<void> {
    this.byClient.clear();
    return this.link.close();
  }

  private engineLost(reason: string, restarted: boolean): void {
    const fault: Fault = {
      code: 'engine-lost',
      message: restarted
        ? 'The engine stopped unexpectedly and was started again; open your photos once more.'
        : 'The engine stopped unexpectedly three times in a row; `enlarger doctor` says what is wrong.',
      detail: reason,
    };
    this.tell(`${fault.message} (${reason})`);
    for (const session of this.byClient.values()) void session.engineLost(fault);
  }
}
