import * as v from 'valibot';
import { pageSchema } from './contract/photos';
import { photoTokenSchema } from './enlargement';
import { FaultError } from './faults';

/**
 * A document of the editor as a file (`.enlarger`): JSON with the page's snapshot, and of each of its photos, by its
 * token, where it was. Paths are relative to the document's folder, with forward slashes.
 */
export const DOCUMENT_EXTENSION = 'enlarger';

/** Documents beyond this are none, bytes. */
export const DOCUMENT_BYTES_MAX = 16 * 1024 ** 2;

const documentPhotoSchema = v.variant('kind', [
  v.object({
    kind: v.literal('file'),
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
    /** Absent where nobody knew it, as in a browser: then a file of that name beside the document. */
    path: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
    bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
    fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    /** Which picture of the file; absent: the first. */
    page: v.optional(pageSchema),
  }),
  /** The chart of this project. */
  v.object({ kind: v.literal('sample') }),
]);
export type DocumentPhotoFile = v.InferOutput<typeof documentPhotoSchema>;

/** The snapshot is the page's affair; what else stands beside it is kept. */
const documentFileSchema = v.looseObject({
  format: v.literal('enlarger-document'),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  document: v.unknown(),
  photos: v.optional(v.record(photoTokenSchema, documentPhotoSchema), {}),
});
export type DocumentFile = v.InferOutput<typeof documentFileSchema>;

export const isDocumentName = (name: string): boolean =>
  name.toLowerCase().endsWith(`.${DOCUMENT_EXTENSION}`);

/** The text of a document's file. `snapshot`: as a page writes its session. */
export const documentText = (snapshot: object, photos: Readonly<Record<string, DocumentPhotoFile>>): string =>
  `${JSON.stringify({ ...snapshot, photos }, null, 1)}\n`;

/** Reads a document's file; `name` is for the fault. Throws `bad-document` where it is none. */
export function readDocumentText(text: string, name: string): DocumentFile {
  const none = (detail: string): FaultError =>
    new FaultError(
      'bad-document',
      `Expected a document of Enlarger, found that ${name} is none or is damaged; open another copy of it, or its photos.`,
      { file: name, detail },
    );
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw none(String(error));
  }
  const read = v.safeParse(documentFileSchema, data);
  if (!read.success) {
    const [issue] = read.issues;
    throw none(
      `${v.getDotPath(issue) ?? 'the file'}: expected ${issue.expected}, received ${issue.received}`,
    );
  }
  return read.output;
}

/** Read of a file at its beginning, middle and end, bytes each. */
const SAMPLE_BYTES = 65_536;

/**
 * By this and its length a photo's file is known to be the same, wherever it lies and whenever it was copied: the
 * SHA-256 of its length and of three parts of it, so that a folder of large files costs no reading of all. `read`
 * gives the bytes from one place up to another.
 */
export async function fingerprintOf(
  bytes: number,
  read: (from: number, to: number) => Promise<Uint8Array>,
): Promise<string> {
  const middle = Math.max(0, Math.floor((bytes - SAMPLE_BYTES) / 2));
  const starts = [0, middle, Math.max(0, bytes - SAMPLE_BYTES)];
  const parts: Uint8Array[] = [new TextEncoder().encode(`${bytes}:`)];
  for (const from of starts) parts.push(await read(from, Math.min(bytes, from + SAMPLE_BYTES)));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
