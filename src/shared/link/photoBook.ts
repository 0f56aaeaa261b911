import * as v from 'valibot';
import { pageSchema } from '../contract';
import { photoTokenSchema } from '../enlargement';

const count = v.pipe(v.number(), v.minValue(0));

/** A file as it was when it was opened: by these it is known to be the same later. */
export const fileStateSchema = v.object({ bytes: count, modifiedMs: v.number() });
export type FileState = v.InferOutput<typeof fileStateSchema>;

/** A photo that a door gave a page: its lasting token, and what it takes to open it again. */
export const bookedPhotoSchema = v.object({
  photo: photoTokenSchema,
  /** What the user calls it. */
  name: v.string(),
  source: v.variant('kind', [
    v.object({
      kind: v.literal('file'),
      path: v.pipe(v.string(), v.minLength(1)),
      state: fileStateSchema,
      /** As a document told it (`fingerprintOf`): kept for when the file is not there. */
      fingerprint: v.optional(v.string()),
      /** The door wrote it itself (an upload, a pasted picture) and deletes it with the photo. */
      temporary: v.boolean(),
      /** Which picture of the file; absent: the first. */
      page: v.optional(pageSchema),
    }),
    /** The chart of this project; the engine knows where it is. */
    v.object({ kind: v.literal('sample') }),
  ]),
});
export type BookedPhoto = v.InferOutput<typeof bookedPhotoSchema>;
export type FileSource = Extract<BookedPhoto['source'], { kind: 'file' }>;

/** A token that nobody can guess; it says nothing of the photo. */
export function newPhotoToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `photo-${base64.replaceAll('+', '-').replaceAll('/', '_')}`;
}

/** A closed photo may come back by undo; beyond these it is forgotten, the one closed longest ago first. */
const CLOSED_MAX = 64;
const CLOSED_TEMPORARY_BYTES_MAX = 1024 ** 3;

const temporaryBytes = ({ source }: BookedPhoto): number =>
  source.kind === 'file' && source.temporary ? source.state.bytes : 0;

/**
 * The photos of one page by their tokens, those that it closed lately too. Outlives the page's connection and the
 * engine: who has the book can open them again under the same tokens.
 */
export class PhotoBook {
  private readonly photos = new Map<string, BookedPhoto>();
  private readonly closed = new Set<string>();

  /** `photos`: of an earlier run; none of them is open. `onChange` is told after every change. */
  constructor(
    photos: readonly BookedPhoto[] = [],
    private readonly onChange: () => void = () => undefined,
  ) {
    for (const photo of photos) {
      this.photos.set(photo.photo, photo);
      this.closed.add(photo.photo);
    }
  }

  /** Everything in the book. */
  get all(): BookedPhoto[] {
    return [...this.photos.values()];
  }

  /** Those that the page has not closed. */
  get open(): BookedPhoto[] {
    return this.all.filter(({ photo }) => !this.closed.has(photo));
  }

  isOpen(token: string): boolean {
    return this.photos.has(token) && !this.closed.has(token);
  }

  /** Whether any photo in the book, closed or not, is of this file: pages of one file share it. */
  uses(path: string): boolean {
    return this.all.some(({ source }) => source.kind === 'file' && source.path === path);
  }

  find(token: string): BookedPhoto | undefined {
    return this.photos.get(token);
  }

  add(photo: BookedPhoto): void {
    this.photos.set(photo.photo, photo);
    this.onChange();
  }

  /** The page has it again. */
  reopened(token: string): void {
    this.closed.delete(token);
  }

  /** The page closed it; answers with those that are forgotten for it. */
  close(token: string): BookedPhoto[] {
    if (!this.photos.has(token)) return [];
    this.closed.delete(token); // to the end of the order
    this.closed.add(token);
    const forgotten: BookedPhoto[] = [];
    let bytes = 0;
    let count = 0;
    for (const one of [...this.closed].reverse()) {
      const photo = this.photos.get(one)!;
      bytes += temporaryBytes(photo);
      count += 1;
      if (count > CLOSED_MAX || bytes > CLOSED_TEMPORARY_BYTES_MAX) forgotten.push(photo);
    }
    for (const { photo } of forgotten) this.drop(photo);
    if (forgotten.length > 0) this.onChange();
    return forgotten;
  }

  /** The page went; nothing is forgotten for it. */
  closeAll(): void {
    for (const photo of this.photos.keys()) this.closed.add(photo);
  }

  /** Empties the book; answers with what was in it. */
  clear(): BookedPhoto[] {
    const { all } = this;
    this.photos.clear();
    this.closed.clear();
    if (all.length > 0) this.onChange();
    return all;
  }

  private drop(token: string): void {
    this.photos.delete(token);
    this.closed.delete(token);
  }
}
