import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import {
  DOCUMENT_BYTES_MAX,
  documentText,
  fingerprintOf,
  readDocumentText,
  type DocumentPhotoFile,
} from '../shared/documentFile';
import { FaultError } from '../shared/faults';
import { distinctNames, safeName, stemOf } from '../shared/fileName';
import { newPhotoToken, type BookedPhoto, type FileSource } from '../shared/link/photoBook';

/** A photo of a document with the token that it gets now. */
export interface DocumentPhoto {
  readonly was: string;
  readonly booked: BookedPhoto;
}

/** Of a photo that was gone before anything but its name and length was known. */
const UNKNOWN = '0'.repeat(64);

async function fingerprint(path: string, bytes: number): Promise<string> {
  const file = await open(path);
  try {
    return await fingerprintOf(bytes, async (from, to) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
      return buffer.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}

/** Of a photo's file while it is what was opened; else what is known of it, so that it is found when it comes back. */
async function fingerprintNow({ path, state, fingerprint: told }: FileSource): Promise<string> {
  const now = await stat(path).catch(() => undefined);
  const isSame = now?.size === state.bytes && now.mtimeMs === state.modifiedMs;
  return isSame ? fingerprint(path, state.bytes) : (told ?? UNKNOWN);
}

const withSlashes = (path: string): string => path.split(sep).join('/');

/** A path as the document has it: relative to its folder, absolute where there is no way (another drive). */
function relativeTo(folder: string, path: string): string {
  const way = relative(folder, path);
  return isAbsolute(way) ? path : withSlashes(way);
}

/**
 * Writes a document whole or not at all. A photo without a file of the user's own (a pasted picture) is copied into a
 * folder beside it. Throws `output-unwritable`.
 */
export async function writeDocument(
  path: string,
  snapshot: object,
  photos: readonly BookedPhoto[],
): Promise<void> {
  const folder = dirname(path);
  const staging = `${path}.${randomUUID()}.new`;
  try {
    const entries: Record<string, DocumentPhotoFile> = {};
    for (const photo of await withOwnFiles(path, photos)) {
      const { source, name } = photo;
      entries[photo.photo] =
        source.kind === 'sample'
          ? { kind: 'sample' }
          : {
              kind: 'file',
              name,
              path: relativeTo(folder, source.path),
              bytes: source.state.bytes,
              fingerprint: await fingerprintNow(source),
              ...(source.page === undefined ? {} : { page: source.page }),
            };
    }
    await writeFile(staging, documentText(snapshot, entries), { flag: 'wx' });
    await rename(staging, path);
  } catch (error) {
    await rm(staging, { force: true });
    const name = basename(path);
    throw new FaultError(
      'output-unwritable',
      `Expected to be able to write ${name}, but could not; choose another place, or make room there.`,
      { file: name, detail: String(error) },
    );
  }
}

/** The photos, those in the app's private folder as copies beside the document. */
async function withOwnFiles(path: string, photos: readonly BookedPhoto[]): Promise<BookedPhoto[]> {
  const folder = join(dirname(path), `${stemOf(basename(path))} photos`);
  const names = distinctNames(photos.map(({ name }) => safeName(name, [name.split('.').at(-1) ?? 'png'])));
  return Promise.all(
    photos.map(async (photo, index): Promise<BookedPhoto> => {
      const { source } = photo;
      if (source.kind !== 'file' || !source.temporary) return photo;
      const own = join(folder, names[index]!);
      await mkdir(folder, { recursive: true });
      await copyFile(source.path, own);
      return { ...photo, source: { ...source, path: own, temporary: false } };
    }),
  );
}

/** Reads a document; each of its photos gets a new token. Throws `not-found` and `bad-document`. */
export async function readDocument(path: string): Promise<{ snapshot: unknown; photos: DocumentPhoto[] }> {
  const name = basename(path);
  const { size } = await stat(path).catch(() => {
    throw new FaultError(
      'not-found',
      `Expected ${name} where it was, but it is gone; open it from its new place.`,
      {
        file: name,
      },
    );
  });
  if (size > DOCUMENT_BYTES_MAX) {
    throw new FaultError(
      'bad-document',
      `Expected a document of Enlarger, found that ${name} is larger than any.`,
      {
        file: name,
      },
    );
  }
  const { photos, ...snapshot } = readDocumentText(await readFile(path, 'utf8'), name);
  const booked = await Promise.all(
    Object.entries(photos).map(async ([was, photo]): Promise<DocumentPhoto> => {
      const token = newPhotoToken();
      if (photo.kind === 'sample') {
        return { was, booked: { photo: token, name: 'chart.png', source: { kind: 'sample' } } };
      }
      return { was, booked: { photo: token, name: photo.name, source: await whereIs(dirname(path), photo) } };
    }),
  );
  return { snapshot, photos: booked };
}

/** Where a document's photo is: as it was told, or beside the document; else as it was told, so that it is missed there. */
async function whereIs(
  folder: string,
  { path, name, bytes, fingerprint: known, page }: Extract<DocumentPhotoFile, { kind: 'file' }>,
): Promise<FileSource> {
  const at = (place: string, modifiedMs: number): FileSource => ({
    kind: 'file',
    path: place,
    state: { bytes, modifiedMs },
    fingerprint: known,
    temporary: false,
    ...(page === undefined ? {} : { page }),
  });
  const told = resolve(folder, path ?? name);
  for (const place of [told, join(folder, basename(name))]) {
    const now = await stat(place).catch(() => undefined);
    if (now?.size === bytes && (await fingerprint(place, bytes)) === known) return at(place, now.mtimeMs);
  }
  // No file has this time: what lies there now is named as another one.
  return at(told, -1);
}
