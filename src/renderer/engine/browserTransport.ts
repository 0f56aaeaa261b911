import { TAB_PROTOCOL, TAB_SECRET_PREFIX, type PageCallMessage } from '../../shared/contract';
import { decodeFrame, encodeFrame } from '../../shared/link/frames';
import type { LinkState, Transport } from './engineClient';

/** Waits between attempts, milliseconds; the last repeats. */
const PAUSES = [250, 500, 1000, 2000, 4000];

/** Under this the tab keeps its secret, as long as the tab itself: over a reload, and no longer. */
const SECRET_KEY = 'enlarger-tab';

/**
 * The local host's page: a WebSocket for messages, POST for photos. Connects again when it breaks, as the same tab.
 */
export class BrowserTransport implements Transport {
  private socket: WebSocket | null = null;
  private readonly unsent: PageCallMessage[] = [];
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listener: { message(data: unknown): void; state(state: LinkState): void } | null = null;

  constructor(
    private readonly place: Location,
    private readonly storage: Storage,
  ) {}

  listen(listener: { message(data: unknown): void; state(state: LinkState): void }): void {
    this.listener = listener;
    this.connect();
  }

  post(message: PageCallMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encodeFrame(message));
    else this.unsent.push(message);
  }

  openFile(file: File, client: string): Promise<unknown> {
    return this.send('/photos', file, client);
  }

  offerModel(file: File, client: string): Promise<unknown> {
    return this.send('/models', file, client);
  }

  known(client: string): void {
    this.storage.setItem(SECRET_KEY, client);
  }

  retry(): void {
    this.attempts = 0;
    this.connect();
  }

  private async send(to: string, file: File, client: string): Promise<unknown> {
    const address = new URL(to, this.place.origin);
    address.searchParams.set('name', file.name);
    try {
      const response = await fetch(address, {
        method: 'POST',
        body: file,
        headers: { 'x-enlarger-client': client, 'content-type': 'application/octet-stream' },
      });
      return await response.json();
    } catch (thrown) {
      const message = `${file.name} could not be handed to Enlarger; check that it is still running and that the file can be read.`;
      return {
        ok: false,
        fault: { code: 'engine-lost', message, file: file.name, detail: String(thrown) },
      };
    }
  }

  private connect(): void {
    clearTimeout(this.timer);
    const address = new URL('/engine', this.place.origin);
    address.protocol = this.place.protocol === 'https:' ? 'wss:' : 'ws:';
    const secret = this.storage.getItem(SECRET_KEY);
    const protocols = secret === null ? [] : [TAB_SECRET_PREFIX + secret];
    const socket = new WebSocket(address, [TAB_PROTOCOL, ...protocols]);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      this.attempts = 0;
      this.listener?.state('open');
      for (const message of this.unsent.splice(0)) socket.send(encodeFrame(message));
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      this.listener?.message(decodeFrame(new Uint8Array(event.data)));
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.unsent.length = 0;
      this.listener?.state('lost');
      this.timer = setTimeout(() => this.connect(), PAUSES[Math.min(this.attempts, PAUSES.length - 1)]);
      this.attempts += 1;
    };
  }
}
