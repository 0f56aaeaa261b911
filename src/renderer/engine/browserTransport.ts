import type { PageCallMessage } from '../../shared/contract';
import { decodeFrame, encodeFrame } from '../../shared/link/frames';
import type { LinkState, Transport } from './engineClient';

/** Waits between attempts, milliseconds; the last repeats. */
const PAUSES = [250, 500, 1000, 2000, 4000];

/** The local host's page: a WebSocket for messages, POST for photos. Connects again when it breaks. */
export class BrowserTransport implements Transport {
  private socket: WebSocket | null = null;
  private readonly unsent: PageCallMessage[] = [];
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listener: { message(data: unknown): void; state(state: LinkState): void } | null = null;

  constructor(private readonly place: Location) {}

  listen(listener: { message(data: unknown): void; state(state: LinkState): void }): void {
    this.listener = listener;
    this.connect();
  }

  post(message: PageCallMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encodeFrame(message));
    else this.unsent.push(message);
  }

  async openFile(file: File, client: string): Promise<unknown> {
    const address = new URL('/photos', this.place.origin);
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

  retry(): void {
    this.attempts = 0;
    this.connect();
  }

  private connect(): void {
    clearTimeout(this.timer);
    const address = new URL('/engine', this.place.origin);
    address.protocol = this.place.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
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
