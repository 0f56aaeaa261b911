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
import { faultOf, type Fault, type Result } from '../faults';
import type { EngineLink } from './engineLink';
import { EngineLosses } from './engineLosses';
import type { Ordering } from './ordering';
import { PagePhotos, type FileToOpen } from './pagePhotos';
import type { FileState, PhotoBook } from './photoBook';

/** What every door answers alike, from the page's photos and its session. */
type CommonCall =
  'photo:sample' | 'photo:reopen' | 'photo:page' | 'session:read' | 'session:write' | 'door:ordered';

type AnswersTo<Call extends PageDoorCall> = {
  readonly [C in Call]: (params: PageDoorParams<C>) => PageDoorValue<C> | Promise<PageDoorValue<C>>;
};

/** A door's own answers to its page; what one throws reaches the page as a fault. */
export type PageDoorAnswers = AnswersTo<Exclude<PageDoorCall, CommonCall>>;

export interface PageDoorOptions {
  /** The name under which the engine knows this page. */
  readonly client: string;
  readonly link: Pick<EngineLink, 'call' | 'forward'>;
  /** Hands one message to the page; may reject where the page is gone. */
  readonly send: (message: PageMessage) => Promise<void>;
  readonly answers: PageDoorAnswers;
  /** The page's photos; they outlive this connection. */
  readonly photos: PhotoBook;
  /** The page's last snapshot; it outlives this connection too. */
  readonly session: PageSnapshot;
  /** What the page has ordered; it goes on when this connection is closed. */
  readonly ordering: Ordering;
  /** Size and time of a file; rejects where there is none. */
  readonly stateOf: (path: string) => Promise<FileState>;
  /** Milliseconds on a clock that only goes forwards. */
  readonly now?: () => number;
  /** Deletes a file that the door wrote for a photo. */
  readonly removeFile: (path: string) => Promise<void>;
}

/** Where a door keeps what its page was working on. */
export interface PageSnapshot {
  /** Null: nothing was written yet. */
  read(): unknown;
  write(snapshot: unknown): void | Promise<void>;
}

const isOrder = (call: PageDoorCall): boolean => call === 'door:export' || call === 'door:exportAll';

const refused = (call: string): Fault => ({
  code: 'bad-message',
  message: `Expected a call that a page may make, received ${JSON.stringify(call)}.`,
});

/**
 * What the desktop shell and the local host do alike for one connection of a page: read every message by its
 * schema, forward the page's engine calls under its own client name, answer the door's own, refuse all else. Knows no
 * transport.
 */
export class PageDoor {
  private closed = false;
  /** Counts the engines that this page has seen: what was begun with an earlier one is void. */
  private engine = 0;
  private restoring: Promise<void> = Promise.resolve();
  private readonly losses: EngineLosses;
  private readonly photos: PagePhotos;

  constructor(private readonly options: PageDoorOptions) {
    const { client, link, photos: book, stateOf, removeFile } = options;
    this.losses = new EngineLosses(options.now);
    this.photos = new PagePhotos({ client, link, book, stateOf, removeFile });
  }

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
  openPhoto(file: FileToOpen): Promise<Result<PhotoInfo>> {
    return this.photos.open(file);
  }

  /** The engine died. What is on screen stays; `engineRestored` follows where it was started again. */
  engineLost(fault: Fault): void {
    this.engine += 1;
    this.losses.note();
    this.tell({ event: 'engine:lost', fault });
  }

  /** There is a new engine: gives it the page's photos under their tokens, then tells the page. */
  engineRestored(): Promise<void> {
    this.restoring = this.restore();
    return this.restoring;
  }

  /**
   * Resolves once the engine that lives has a photo of the page's, where it can be opened: a page that has just come back
   * may order what it has not asked for again yet. Never rejects: what uses the photo says what is wrong.
   */
  async photoReady(photo: string): Promise<void> {
    let restoring: Promise<void>;
    do await (restoring = this.restoring);
    while (restoring !== this.restoring); // that one died, too
    const { photos } = this.options;
    if (photos.find(photo) && !photos.isOpen(photo)) await this.photos.reopen(photo).catch(() => undefined);
  }

  private async restore(): Promise<void> {
    const { engine } = this;
    const failed = await this.photos.restore(
      () => this.losses.refusal(),
      () => engine !== this.engine || this.closed,
    );
    if (failed) this.tell({ event: 'engine:restored', failed });
  }

  /** The page is gone: its photos stay in the book, what it ordered still begins, its jobs go on, for itself if it `comesBack`. */
  async close(comesBack = false): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.photos.close();
    const { ordering, link, client } = this.options;
    // Of photos that the engine has in this client's name; where nothing is ordered, it is told before the next page.
    if (ordering.isUnderWay) await ordering.rest();
    await link.call(client, 'client:close', comesBack ? { comesBack } : {});
  }

  private async perform({ call, params }: PageCallMessage): Promise<Result<unknown>> {
    try {
      if (isPageDoorCall(call)) {
        const answering = Promise.resolve(this.answer(call, params));
        const { ordering } = this.options;
        return { ok: true, value: await (isOrder(call) ? ordering.during(answering) : answering) };
      }
      if (!isPageCall(call)) return { ok: false, fault: refused(call) };
      const result = await this.options.link.forward(this.options.client, call, params);
      if (call === 'photo:close' && (result.ok || result.fault.code === 'unknown-photo')) {
        await this.photos.noteClosed(readParams(call, params).photo);
      }
      return result;
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  }

  private answer(call: PageDoorCall, params: unknown): unknown {
    const answers: Readonly<Record<PageDoorCall, (params: never) => unknown>> = {
      ...this.options.answers,
      ...this.commonAnswers,
    };
    return answers[call](readBy(pageDoorCalls[call].params, params, `call ${call}`) as never);
  }

  private readonly commonAnswers: AnswersTo<CommonCall> = {
    'photo:sample': () => this.photos.openSample(),
    'photo:page': ({ photo, page }) => this.photos.openPage(photo, page),
    'photo:reopen': ({ photo }) => this.photos.reopen(photo),
    'door:ordered': async () => {
      await this.options.ordering.rest();
      return null;
    },
    'session:read': async () => ({ snapshot: (await this.options.session.read()) ?? null }),
    'session:write': async ({ snapshot }) => {
      await this.options.session.write(snapshot);
      return null;
    },
  };

  private post(message: PageMessage): void {
    if (this.closed) return;
    // A page that is going away cannot be told anything; its closing is reported by the transport.
    this.options.send(message).catch(() => undefined);
  }
}
