import type { Page, PhotoInfo } from '../contract';
import { FaultError, valueOf, type Fault, type Result } from '../faults';
import type { EngineLink } from './engineLink';
import {
  newPhotoToken,
  type BookedPhoto,
  type FileSource,
  type FileState,
  type PhotoBook,
} from './photoBook';

/**
 * A file to open for a page. A temporary one is deleted when it could not be opened, and with its photo, which is
 * forgotten some time after it was closed (see `PhotoBook`).
 */
export interface FileToOpen {
  readonly path: string;
  readonly name?: string;
  readonly temporary?: boolean;
}

export interface PagePhotosParts {
  /** The name under which the engine knows the page. */
  readonly client: string;
  readonly link: Pick<EngineLink, 'call'>;
  /** The page's photos; they outlive its connection. */
  readonly book: PhotoBook;
  /** Size and time of a file; rejects where there is none. */
  readonly stateOf: (path: string) => Promise<FileState>;
  /** Deletes a file that the door wrote for a photo. */
  readonly removeFile: (path: string) => Promise<void>;
}

/** A photo that could not be opened again, and why. */
export interface LostPhoto {
  readonly photo: string;
  readonly fault: Fault;
}

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

/** The photos of one page: gives each its token, and has the engine open it under this, now and again later. */
export class PagePhotos {
  private closed = false;
  /** Pages that are being opened, by their file and number. */
  private readonly turning = new Map<string, Promise<PhotoInfo>>();

  constructor(private readonly parts: PagePhotosParts) {}

  /** Opens a file under a token of its own. Never rejects. */
  async open(file: FileToOpen): Promise<Result<PhotoInfo>> {
    const { path, temporary = false } = file;
    // Before the engine reads it: a change meanwhile must not pass for what was opened.
    const state = await this.parts.stateOf(path).catch(() => undefined);
    const result = await this.openNew(file, state);
    if (temporary && !this.parts.book.uses(path)) await this.remove(path);
    return result;
  }

  /** Opens the chart of this project. */
  async openSample(): Promise<PhotoInfo> {
    const { client, link, book } = this.parts;
    const photo = newPhotoToken();
    const info = valueOf(await link.call(client, 'photo:sample', { photo }));
    book.add({ photo, name: info.name, source: { kind: 'sample' } });
    return info;
  }

  /** Opens another page of a photo's file, or answers with the photo that it is already. */
  async openPage(photo: string, page: Page): Promise<PhotoInfo> {
    const { name, source } = this.bookedAs(photo);
    const key = source.kind === 'file' ? `${source.path}#${page}` : '';
    // Asked again before it is there, as by a button that is pressed fast: the same photo.
    const opening = this.turning.get(key) ?? this.turnTo(name, source, page);
    this.turning.set(key, opening);
    return opening.finally(() => this.turning.delete(key));
  }

  /** Opens a photo of the book again, if its file is what it was. */
  async reopen(photo: string): Promise<PhotoInfo> {
    const info = valueOf(await this.openBooked(this.bookedAs(photo)));
    this.parts.book.reopened(photo);
    return info;
  }

  /**
   * Gives a new engine what is open, one after the other: an engine that one of them kills has the others still.
   * `refusal`: why the next one is not even tried. Answers with those that failed; undefined once `isOver` says that
   * it is another engine's turn, or nobody's.
   */
  async restore(refusal: () => Fault | undefined, isOver: () => boolean): Promise<LostPhoto[] | undefined> {
    const { client, link, book } = this.parts;
    const failed: LostPhoto[] = [];
    for (const booked of book.open) {
      const refused = refusal();
      const result: Result<unknown> = refused ? { ok: false, fault: refused } : await this.openBooked(booked);
      if (isOver()) return undefined;
      const { photo } = booked;
      if (!result.ok) failed.push({ photo, fault: result.fault });
      else if (!book.isOpen(photo)) void link.call(client, 'photo:close', { photo }); // closed meanwhile
    }
    return failed;
  }

  /** The page closed a photo; files of those that are forgotten for it go. */
  async noteClosed(photo: string): Promise<void> {
    for (const { source } of this.parts.book.close(photo)) {
      if (source.kind !== 'file' || !source.temporary) continue;
      if (!this.parts.book.uses(source.path)) await this.remove(source.path);
    }
  }

  /** The page is gone: its photos stay in the book. */
  close(): void {
    this.closed = true;
    this.parts.book.closeAll();
  }

  /** Opens under a token of its own, into the book; `state`: the file's, before anybody read it. */
  private async openNew(
    { path, name, temporary = false, page }: FileToOpen & { readonly page?: Page },
    state: FileState | undefined,
  ): Promise<Result<PhotoInfo>> {
    const { client, link, book } = this.parts;
    const photo = newPhotoToken();
    const named = name === undefined ? {} : { name };
    const paged = page === undefined ? {} : { page };
    const result = await link.call(client, 'photo:open', { photo, path, temporary, ...named, ...paged });
    if (this.closed) {
      // The page went while the engine was opening: what it opened after `client:close` is closed as well.
      void link.call(client, 'client:close', {});
    } else if (result.ok && state) {
      const source = { kind: 'file', path, state, temporary, ...paged } as const;
      book.add({ photo, name: result.value.name, source });
    }
    return result;
  }

  private async turnTo(name: string, source: BookedPhoto['source'], page: Page): Promise<PhotoInfo> {
    if (source.kind !== 'file') {
      throw new FaultError('bad-option', `Expected a photo with pages, received ${name}, which has none.`);
    }
    valueOf(await this.unchanged(name, source));
    const { path, temporary, state } = source;
    const same = this.parts.book.open.find(
      (other) =>
        other.source.kind === 'file' && other.source.path === path && (other.source.page ?? 1) === page,
    );
    if (same) return valueOf(await this.openBooked(same));
    return valueOf(await this.openNew({ path, name, temporary, page }, state));
  }

  /** Has the engine open a photo under its token, if its file is what it was. */
  private async openBooked({ photo, name, source }: BookedPhoto): Promise<Result<PhotoInfo>> {
    const { client, link } = this.parts;
    if (source.kind === 'sample') return link.call(client, 'photo:sample', { photo });
    const unchanged = await this.unchanged(name, source);
    if (!unchanged.ok) return unchanged;
    const { path, temporary, page } = source;
    const paged = page === undefined ? {} : { page };
    return link.call(client, 'photo:open', { photo, path, name, temporary, ...paged });
  }

  /** Throws `unknown-photo` for a token that is not in the book. */
  private bookedAs(photo: string): BookedPhoto {
    const booked = this.parts.book.find(photo);
    if (booked) return booked;
    throw new FaultError(
      'unknown-photo',
      `Expected a photo of this page, received ${photo}; open its file again.`,
    );
  }

  /** Whether a photo's file is what it was when it was opened. */
  private async unchanged(name: string, { path, state: then }: FileSource): Promise<Result<null>> {
    const now = await this.parts.stateOf(path).catch(() => undefined);
    if (!now) return { ok: false, fault: movedFault(name) };
    const isSame = now.bytes === then.bytes && now.modifiedMs === then.modifiedMs;
    return isSame ? { ok: true, value: null } : { ok: false, fault: changedFault(name) };
  }

  private async remove(path: string): Promise<void> {
    // What cannot be deleted now lies in the door's private folder and goes with it.
    await this.parts.removeFile(path).catch(() => undefined);
  }
}
