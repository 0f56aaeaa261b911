import type { WebSocket } from 'ws';
import type { PageMessage } from '../shared/contract';
import { FaultError } from '../shared/faults';
import { decodeFrame, encodeFrame } from '../shared/link/frames';
import { BOUNDS, ClientBounds, type Bounds } from './clientBounds';

/** Close code for a peer that does not keep to the protocol (RFC 6455, 7.4.1). */
const POLICY_VIOLATION = 1008;

/** Long enough for a tunnel, short enough for a person who reloads. */
const PONG_WITHIN_MS = 1500;

export interface PageSocketOptions {
  readonly bounds?: Bounds | undefined;
  /** A peer that is asked for a sign of life and gives none within this time is gone. */
  readonly pongWithinMs?: number | undefined;
  /** Takes what the page asks; throws for what is no call: such a page is cut off. */
  readonly onCall: (call: unknown) => void;
  /** Takes what the person who started the host should know. */
  readonly tell?: ((sentence: string) => void) | undefined;
}

/** A page's WebSocket: frames in and out, within the bounds of one page. */
export class PageSocket {
  private readonly counted: ClientBounds;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: PageSocketOptions,
  ) {
    this.counted = new ClientBounds(options.bounds);
    socket.on('message', (data, isBinary) => this.receive(data as Buffer, isBinary));
    // A socket's error is followed by its close; without a listener it would end the host.
    socket.on('error', () => undefined);
  }

  /** Resolves once the message is on its way; rejects where the page is gone. */
  send(message: PageMessage): Promise<void> {
    return new Promise((sent, failed) => {
      this.count(message);
      this.socket.send(encodeFrame(message), (error) => (error ? failed(error) : sent()));
      this.closeFor(this.counted.unread(this.socket.bufferedAmount));
    });
  }

  /** Whether somebody is still there; a connection whose peer is silent is cut off. */
  async isAlive(): Promise<boolean> {
    const { socket } = this;
    const { pongWithinMs = PONG_WITHIN_MS } = this.options;
    if (!this.isOpen) return false;
    const alive = await new Promise<boolean>((tell) => {
      const timer = setTimeout(() => tell(false), pongWithinMs);
      socket.once('pong', () => tell(true));
      socket.once('close', () => tell(false));
      socket.once('close', () => clearTimeout(timer)).once('pong', () => clearTimeout(timer));
      socket.ping();
    });
    if (!alive) socket.terminate();
    return alive;
  }

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  private receive(data: Buffer, isBinary: boolean): void {
    try {
      if (!isBinary) throw new FaultError('bad-message', 'Expected binary frames, received text.');
      const call = decodeFrame(data);
      this.closeFor(this.counted.called() ?? this.grantOf(call));
      if (this.isOpen) this.options.onCall(call);
    } catch {
      this.socket.close(POLICY_VIOLATION, 'a frame was not a call');
    }
  }

  /** Counts the credit in a call, which the engine reads by its schema. */
  private grantOf(call: unknown): string | undefined {
    const { call: name, params } = (call ?? {}) as { call?: unknown; params?: { tiles?: unknown } };
    if (name === 'view:close') this.counted.closedView();
    const tiles = name === 'view:grant' ? params?.tiles : undefined;
    return typeof tiles === 'number' && tiles > 0 ? this.counted.granted(tiles) : undefined;
  }

  private count(message: PageMessage): void {
    if ('result' in message) this.counted.answered();
    else if (message.event.event === 'view:tile') this.counted.sentTile();
  }

  /** Closes the page that exceeded its bounds; one that does not read would not read that either, and is cut off. */
  private closeFor(reason: string | undefined): void {
    if (reason === undefined || !this.isOpen) return;
    this.options.tell?.(`A page was closed: ${reason}.`);
    this.socket.close(POLICY_VIOLATION, reason);
    if (this.socket.bufferedAmount > (this.options.bounds ?? BOUNDS).unreadBytes) this.socket.terminate();
  }
}
