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
  type Page,
  type PhotoInfo,
} from '../contract';
import { FaultError, faultOf, valueOf, type Fault, type Result } from '../faults';
import type { EngineLink } from './engineLink';
import {
  newPhotoToken,
  type BookedPhoto,
  type FileSource,
  type FileState,
  type PhotoBook,
} from './photoBook';

/** What every door answers alike, from the page's photos and its session. */
type CommonCall = 'photo:sample' | 'photo:reopen' | 'photo:page' | 'session:read' | 'session:write';

/** A door's own answers to its page; what one throws reaches the page as a fault. */
export type PageDoorAnswers = {
  readonly [C in Exclude<PageDoorCall, CommonCall>]: (
    params: PageDoorParams<C>,
  ) => PageDoorValue<C> | Promise<PageDoorValue<C>>;
};

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

/**
 * A file to open for a page. A temporary one is deleted when it could not be opened, and with its photo, which is
 * forgotten some time after it was closed (see `PhotoBook`).
 */
export interface FileToOpen {
  readonly path: string;
  readonly name?: string;
  readonly temporary?: boolean;
}

const refused = (call: string): Fault => ({
  code: 'bad-message',
  message: `Expected a call that a page may make, received ${JSON.stringify(call)}.`,
});

/** An engine that dies more often than this with the same photos open is not given them again unasked. */
const LOSSES_MAX = 3;
const LOSSES_WITHIN_MS = 60_000;

const movedFault = (name: string): Fault => ({
  code: 'photo-moved',
  message: `Expected ${name} where it was opened, but it is not there any more; put it back, or open it from its new place.`,
  file: name,
});
const changedFault = (name: string): Fault => ({
  code: 'photo-changed',
  message: `Expected ${name} as it was when it was opened, but the file was changed since; open it again to use it as it is now.`,
  file: name,
});

/**
 * What the desktop shell and the local host do alike for one connection of a page: read every message by its
 * schema, forward the page's engine calls under its own client name, answer the door's own, refuse all else; give
 * photos their tokens and open them again under these. Knows no transport.
 */
export class PageDoor {
  private closed = false;
  /** Counts the engines that this page has seen: what was begun with an earlier one is void. */
  private engine = 0;
  private losses: number[] = [];
  /** Pages that are being opened, by their file and number. */
  private readonly turning = new Map<string, Promise<PhotoInfo>>();
  private readonly now: () => number;

  constructor(private readonly options: PageDoorOptions) {
    this.now = options.now ?? (() => performance.now());
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
  async openPhoto(file: FileToOpen): Promise<Result<PhotoInfo>> {
    const { path, temporary = false } = file;
    // Before the engine reads it: a change meanwhile must not pass for what was opened.
    const state = await this.options.stateOf(path).catch(() => undefined);
    const result = await this.openNew(file, state);
    if (temporary && !this.options.photos.uses(path)) await this.remove(path);
    return result;
  }

  /** Opens under a token of its own, into the book; `state`: the file's, before anybody read it. */
  private async openNew(
    { path, name, temporary = false, page }: FileToOpen & { readonly page?: Page },
    state: FileState | undefined,
  ): Promise<Result<PhotoInfo>> {
    const { client, link, photos } = this.options;
    const photo = newPhotoToken();
    const named = name === undefined ? {} : { name };
    const paged = page === undefined ? {} : { page };
    const result = await link.call(client, 'photo:open', { photo, path, temporary, ...named, ...paged });
    if (this.closed) {
      // The page went while the engine was opening: what it opened after `client:close` is closed as well.
      void link.call(client, 'client:close', {});
    } else if (result.ok && state) {
      const source = { kind: 'file', path, state, temporary, ...paged } as const;
      photos.add({ photo, name: result.value.name, source });
    }
    return result;
  }

  /** The engine died. What is on screen stays; `engineRestored` follows where it was started again. */
  engineLost(fault: Fault): void {
    this.engine += 1;
    this.losses = [...this.losses, this.now()].slice(-LOSSES_MAX);
    this.tell({ event: 'engine:lost', fault });
  }

  /** There is a new engine: gives it the page's photos under their tokens, then tells the page. */
  async engineRestored(): Promise<void> {
    const { engine } = this;
    const failed: { photo: string; fault: Fault }[] = [];
    // One after the other: an engine that one of them kills has the others still.
    for (const booked of this.options.photos.open) {
      const result = this.diesOften()
        ? { ok: false as const, fault: this.tooOften() }
        : await this.reopen(booked);
      if (engine !== this.engine || this.closed) return; // another engine's turn, or nobody's
      const { photo } = booked;
      if (!result.ok) failed.push({ photo, fault: result.fault });
      else if (!this.options.photos.isOpen(photo)) {
        void this.options.link.call(this.options.client, 'photo:close', { photo }); // closed meanwhile
      }
    }
    this.tell({ event: 'engine:restored', failed });
  }

  /** The page is gone: its photos stay in the book, its jobs go on. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.options.photos.closeAll();
    await this.options.link.call(this.options.client, 'client:close', {});
  }

  private async perform({ call, params }: PageCallMessage): Promise<Result<unknown>> {
    try {
      if (isPageDoorCall(call)) return { ok: true, value: await this.answer(call, params) };
      if (!isPageCall(call)) return { ok: false, fault: refused(call) };
      const result = await this.options.link.forward(this.options.client, call, params);
      if (call === 'photo:close' && (result.ok || result.fault.code === 'unknown-photo')) {
        await this.noteClosed(readParams(call, params).photo);
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

  private readonly commonAnswers: {
    readonly [C in CommonCall]: (params: PageDoorParams<C>) => Promise<PageDoorValue<C>>;
  } = {
    'photo:sample': async () => {
      const { client, link, photos } = this.options;
      const photo = newPhotoToken();
      const info = valueOf(await link.call(client, 'photo:sample', { photo }));
      photos.add({ photo, name: info.name, source: { kind: 'sample' } });
      return info;
    },
    'photo:page': async ({ photo, page }) => {
      const { name, source } = this.bookedAs(photo);
      const key = source.kind === 'file' ? `${source.path}#${page}` : '';
      // Asked again before it is there, as by a button that is pressed fast: the same photo.
      const opening = this.turning.get(key) ?? this.openPage(name, source, page);
      this.turning.set(key, opening);
      return opening.finally(() => this.turning.delete(key));
    },
    'photo:reopen': async ({ photo }) => {
      const booked = this.bookedAs(photo);
      const info = valueOf(await this.reopen(booked));
      this.options.photos.reopened(photo);
      return info;
    },
    'session:read': async () => ({ snapshot: (await this.options.session.read()) ?? null }),
    'session:write': async ({ snapshot }) => {
      await this.options.session.write(snapshot);
      return null;
    },
  };

  /** Opens a page of a photo's file, or answers with the photo that it is already. */
  private async openPage(name: string, source: BookedPhoto['source'], page: Page): Promise<PhotoInfo> {
    if (source.kind !== 'file') {
      throw new FaultError('bad-option', `Expected a photo with pages, received ${name}, which has none.`);
    }
    valueOf(await this.unchanged(name, source));
    const { path, temporary, state } = source;
    const same = this.options.photos.open.find(
      (other) =>
        other.source.kind === 'file' && other.source.path === path && (other.source.page ?? 1) === page,
    );
    if (same) return valueOf(await this.reopen(same));
    return valueOf(await this.openNew({ path, name, temporary, page }, state));
  }

  /** Throws `unknown-photo` for a token that is not in the book. */
  private bookedAs(photo: string): BookedPhoto {
    const booked = this.options.photos.find(photo);
    if (booked) return booked;
    throw new FaultError(
      'unknown-photo',
      `Expected a photo of this page, received ${photo}; open its file again.`,
    );
  }

  /** Whether a photo's file is what it was when it was opened. */
  private async unchanged(name: string, { path, state: then }: FileSource): Promise<Result<null>> {
    const now = await this.options.stateOf(path).catch(() => undefined);
    if (!now) return { ok: false, fault: movedFault(name) };
    const isSame = now.bytes === then.bytes && now.modifiedMs === then.modifiedMs;
    return isSame ? { ok: true, value: null } : { ok: false, fault: changedFault(name) };
  }

  /** Has the engine open a photo under its token, if its file is what it was. */
  private async reopen({ photo, name, source }: BookedPhoto): Promise<Result<PhotoInfo>> {
    const { client, link } = this.options;
    if (source.kind === 'sample') return link.call(client, 'photo:sample', { photo });
    const unchanged = await this.unchanged(name, source);
    if (!unchanged.ok) return unchanged;
    const { path, temporary, page } = source;
    const paged = page === undefined ? {} : { page };
    return link.call(client, 'photo:open', { photo, path, name, temporary, ...paged });
  }

  private diesOften(): boolean {
    const first = this.losses[0];
    return this.losses.length === LOSSES_MAX && this.now() - first! < LOSSES_WITHIN_MS;
  }

  private tooOften(): Fault {
    return {
      code: 'engine-lost',
      message: `The engine stopped ${LOSSES_MAX} times within a minute with this photo open, so it was not opened again by itself; try it alone.`,
    };
  }

  private post(message: PageMessage): void {
    if (this.closed) return;
    // A page that is going away cannot be told anything; its closing is reported by the transport.
    this.options.send(message).catch(() => undefined);
  }

  private async noteClosed(photo: string): Promise<void> {
    for (const { source } of this.options.photos.close(photo)) {
      if (source.kind !== 'file' || !source.temporary) continue;
      if (!this.options.photos.uses(source.path)) await this.remove(source.path);
    }
  }

  private async remove(path: string): Promise<void> {
    // What cannot be deleted now lies in the door's private folder and goes with it.
    await this.options.removeFile(path).catch(() => undefined);
  }
}
