import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import type { PageMessage } from '../../src/shared/contract';
import type { Result } from '../../src/shared/faults';
import { decodeFrame, encodeFrame } from '../../src/shared/link/frames';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request with exactly these headers and this path, as no well-meaning client would send it. */
export function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: Uint8Array | string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Comes by the host's address, as a browser does: the cookie that it is given. */
export async function enter(address: string): Promise<string> {
  const { port, pathname, search } = new URL(address);
  const { headers } = await ask(Number(port), pathname + search);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** A page's WebSocket: calls as promises, events as a list that can be waited on. */
export class BrowserTab {
  private nextId = 1;
  private readonly answers = new Map<number, (result: Result<unknown>) => void>();
  private readonly events: Extract<PageMessage, { event: unknown }>['event'][] = [];
  private onEvent: () => void = () => undefined;
  readonly closed: Promise<number>;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((closed) => socket.once('close', closed));
    socket.on('message', (data) => {
      const message = decodeFrame(data as Buffer) as PageMessage;
      if ('event' in message) {
        this.events.push(message.event);
        this.onEvent();
      } else this.answers.get(message.id)?.(message.result);
    });
  }

  static open(port: number, headers: Record<string, string>, protocols: string[] = []): Promise<BrowserTab> {
    return new Promise((opened, refused) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/engine`, protocols, { headers });
      const tab = new BrowserTab(socket);
      socket.once('open', () => opened(tab)).once('error', refused);
    });
  }

  call(call: string, params: unknown): Promise<Result<unknown>> {
    const id = this.nextId++;
    this.socket.send(encodeFrame({ id, call, params }));
    return new Promise((answered) => this.answers.set(id, answered));
  }

  /** The next event that has not been taken. */
  async event(): Promise<unknown> {
    if (this.events.length === 0) await new Promise<void>((come) => (this.onEvent = come));
    return this.events.shift();
  }

  /** The client name of this tab, for uploads. */
  async client(): Promise<string> {
    const described = await this.call('door:describe', {});
    return (described as { value: { client: string } }).value.client;
  }
}
