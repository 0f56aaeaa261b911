import {
  isPageCall,
  isPageDoorCall,
  pageCallMessageSchema,
  pageDoorCalls,
  readBy,
  readParams,
  type DoorEvent,
  type EngineEvent,
  type PageCallMessage,
  type PageDoorCall,
  type PageDoorParams,
  type PageDoorValue,
  type PageMessage,
  type PhotoInfo,
} from '../contract';
import { FaultError, faultOf, type Fault, type Result } from '../faults';
import type { EngineLink } from './engineLink';

/** A door's own answers to its page; what one throws reaches the page as a fault. */
export type PageDoorAnswers = {
  readonly [C in PageDoorCall]: (params: PageDoorParams<C>) => PageDoorValue<C> | Promise<PageDoorValue<C>>;
};

export interface PageDoorOptions {
  /** The name under which the engine knows this page. */
  readonly client: string;
  readonly link: Pick<EngineLink, 'call' | 'forward'>;
  /** Hands one message to the page; may reject where the page is gone. */
  readonly send: (message: PageMessage) => Promise<void>;
  readonly answers: PageDoorAnswers;
  /** Deletes a file that the door wrote for an open photo. */
  readonly removeFile: (path: string) => Promise<void>;
}

/** A file to open for a page. A temporary one is deleted when its photo is closed or could not be opened. */
export interface FileToOpen {
  readonly path: string;
  readonly name?: string;
  readonly temporary?: boolean;
}

/** The value of a result that crossed a border, or its fault as the exception that carries it on. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { code, message, file, detail } = result.fault;
  throw new FaultError(code, message, {
    ...(file === undefined ? {} : { file }),
    ...(detail === undefined ? {} : { detail }),
  });
}

const refused = (call: string): Fault => ({
  code: 'bad-message',
  message: `Expected a call that a page may make, received ${JSON.stringify(call)}.`,
});

/**
 * What the desktop shell and the local host do alike for one page: read every message by its schema,
 * forward the page's engine calls under its own client name, answer the door's own, refuse all else, and
 * keep the temporary files behind its photos as long as the engine may read them. Knows no transport.
 */
export class PageDoor {
  private closed = false;
  private readonly temporaryFiles = new Map<string, string>();

  constructor(private readonly options: PageDoorOptions) {}

  /** One message from the page. Throws `bad-message` where it is not even a call: such a page is cut off. */
  receive(data: unknown): void {
    const message = readBy(pageCallMessageSchema, data, 'message from the page');
    void this.perform(message).then((result) => this.post({ id: message.id, result }));
  }

  /** Tells the page something unasked. */
  tell(event: EngineEvent | DoorEvent): void {
    this.post({ event } as PageMessage); // a union of events is no union of messages to the compiler
  }

  /** Opens a file under this page's name. Never rejects. */
  async openPhoto(file: FileToOpen): Promise<Result<PhotoInfo>> {
    const { client, link } = this.options;
    const { path, name } = file;
    const result = await link.call(client, 'photo:open', name === undefined ? { path } : { path, name });
    if (this.closed) {
      // The page went while the engine was opening: what it opened after `client:close` is closed as well.
      void link.call(client, 'client:close', {});
    }
    if (file.temporary) {
      if (result.ok && !this.closed) this.temporaryFiles.set(result.value.photo, path);
      else await this.remove(path);
    }
    return result;
  }

  /** The engine died: the page's photos are gone, and with them the files behind them. */
  async engineLost(fault: Fault): Promise<void> {
    this.tell({ event: 'engine:lost', fault });
    await this.removeAll();
  }

  /** The page is gone: its engine work is stopped, its files are deleted. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.options.link.call(this.options.client, 'client:close', {});
    await this.removeAll();
  }

  private async perform({ call, params }: PageCallMessage): Promise<Result<unknown>> {
    try {
      if (isPageDoorCall(call)) return { ok: true, value: await this.answer(call, params) };
      if (!isPageCall(call)) return { ok: false, fault: refused(call) };
      const result = await this.options.link.forward(this.options.client, call, params);
      if (call === 'photo:close' && result.ok) await this.forget(readParams(call, params).photo);
      return result;
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  }

  private answer(call: PageDoorCall, params: unknown): unknown {
    const answers: Readonly<Record<PageDoorCall, (params: never) => unknown>> = this.options.answers;
    return answers[call](readBy(pageDoorCalls[call].params, params, `call ${call}`) as never);
  }

  private post(message: PageMessage): void {
    if (this.closed) return;
    // A page that is going away cannot be told anything; its closing is reported by the transport.
    this.options.send(message).catch(() => undefined);
  }

  private async forget(photo: string): Promise<void> {
    const path = this.temporaryFiles.get(photo);
    if (path === undefined) return;
    this.temporaryFiles.delete(photo);
    await this.remove(path);
  }

  private async removeAll(): Promise<void> {
    const photos = [...this.temporaryFiles.keys()];
    await Promise.all(photos.map((photo) => this.forget(photo)));
  }

  private async remove(path: string): Promise<void> {
    // What cannot be deleted now lies in the door's private folder and goes with it.
    await this.options.removeFile(path).catch(() => undefined);
  }
}
