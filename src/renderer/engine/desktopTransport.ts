import type { PageCallMessage, PageShell } from '../../shared/contract';
import type { LinkState, Transport } from './engineClient';

/**
 * The desktop shell's page: the preload posts a MessagePort to the window. A second port replaces the first
 * (the shell made a new one).
 */
export class DesktopTransport implements Transport {
  private port: MessagePort | null = null;
  private readonly unsent: PageCallMessage[] = [];
  private listener: { message(data: unknown): void; state(state: LinkState): void } | null = null;

  constructor(
    private readonly shell: PageShell,
    page: Window,
  ) {
    page.addEventListener('message', (event: MessageEvent<unknown>) => {
      const data = event.data as { enlarger?: unknown } | null;
      const port = event.ports[0];
      if (event.source === page && data?.enlarger === 'port' && port) this.attach(port);
    });
  }

  listen(listener: { message(data: unknown): void; state(state: LinkState): void }): void {
    this.listener = listener;
    if (this.port) listener.state('open');
  }

  post(message: PageCallMessage): void {
    if (this.port) this.port.postMessage(message);
    else this.unsent.push(message);
  }

  async openFile(file: File): Promise<unknown> {
    const [answer] = await this.shell.openFiles([file]);
    return answer;
  }

  offerModel(file: File): Promise<unknown> {
    return this.shell.offerModel(file);
  }

  retry(): void {
    // The shell starts its engine again by itself; there is no connection of the page's own to mend.
  }

  private attach(port: MessagePort): void {
    this.port?.close();
    this.port = port;
    port.onmessage = (event: MessageEvent<unknown>) => this.listener?.message(event.data);
    this.listener?.state('open');
    for (const message of this.unsent.splice(0)) port.postMessage(message);
  }
}
