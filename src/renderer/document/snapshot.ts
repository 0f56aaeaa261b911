import * as v from 'valibot';
import { documentSchema, EMPTY, type EditorDocument } from './document';

/**
 * A document as it is written down: for the session that comes back after a reload or a restart, and as a file of its
 * own (`shared/documentFile.ts`), which keeps beside it where its photos are.
 */
const envelopeSchema = v.looseObject({
  format: v.literal('enlarger-document'),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  document: v.unknown(),
});

export interface Snapshot {
  readonly format: 'enlarger-document';
  readonly version: number;
  readonly document: EditorDocument;
}

/** What a document of version 1 says of its exports. */
const exportsOf1 = v.looseObject({
  exports: v.looseObject({
    encoding: v.looseObject({ strip: v.optional(v.picklist(['gps', 'all'])) }),
    keep: v.record(v.string(), v.boolean()),
  }),
});

/** Version 1 said twice what an export leaves out, and only the encoding counted. */
function keepInsteadOfStrip(document: unknown): unknown {
  const read = v.parse(exportsOf1, document);
  const { strip, ...encoding } = read.exports.encoding;
  const left = strip === 'all' ? ['exif', 'xmp', 'gps'] : strip === 'gps' ? ['gps'] : [];
  const keep = { ...read.exports.keep, ...Object.fromEntries(left.map((part) => [part, false])) };
  return { ...read, exports: { ...read.exports, encoding, keep } };
}

/** What version 2 knows of its photos. */
const photosOf2 = v.looseObject({ photos: v.array(v.looseObject({ info: v.looseObject({}) })) });

/** Version 2 knew the first picture of a file alone. */
function withPages(document: unknown): unknown {
  const read = v.parse(photosOf2, document);
  const only = { page: 1, pages: 1, embedded: false };
  return { ...read, photos: read.photos.map((photo) => ({ ...photo, info: { ...photo.info, ...only } })) };
}

/** What version 3 knows of its photos and of what is kept of them. */
const keptIn3 = v.looseObject({
  photos: photosOf2.entries.photos,
  exports: v.looseObject({ keep: v.record(v.string(), v.boolean()) }),
});

/** Version 3 knew no gain maps: no photo was known to have one, and none was left out. */
function withGainMaps(document: unknown): unknown {
  const read = v.parse(keptIn3, document);
  const { exports } = read;
  return {
    ...read,
    photos: read.photos.map((photo) => ({ ...photo, info: { ...photo.info, gainMap: false } })),
    exports: { ...exports, keep: { ...exports.keep, gainmap: true } },
  };
}

/** Makes the document of version i + 1 from that of version i, at place i - 1; one a version, never changed again. */
export type Migration = (document: unknown) => unknown;
const MIGRATIONS: readonly Migration[] = [keepInsteadOfStrip, withPages, withGainMaps];
export const SNAPSHOT_VERSION = MIGRATIONS.length + 1;

export type Reading =
  | { readonly ok: true; readonly document: EditorDocument }
  /** Why there is only an empty document: what was written is damaged, or of a newer program. */
  | { readonly ok: false; readonly document: EditorDocument; readonly problem: 'damaged' | 'newer' };

export const toSnapshot = (document: EditorDocument): Snapshot => ({
  format: 'enlarger-document',
  version: SNAPSHOT_VERSION,
  document,
});

const failed = (problem: 'damaged' | 'newer'): Reading => ({ ok: false, document: EMPTY, problem });

/** Takes a document of an older version to the newest by the chain of migrations. */
export const migrate = (document: unknown, version: number, chain: readonly Migration[]): unknown =>
  chain.slice(version - 1).reduce((older, migration) => migration(older), document);

/** Reads what was written down. Never throws: what cannot be read gives an empty document and the reason. */
export function fromSnapshot(written: unknown, chain: readonly Migration[] = MIGRATIONS): Reading {
  const envelope = v.safeParse(envelopeSchema, written);
  if (!envelope.success) return failed('damaged');
  const { version, document } = envelope.output;
  if (version > chain.length + 1) return failed('newer');
  try {
    const read = v.safeParse(documentSchema, migrate(document, version, chain));
    return read.success ? { ok: true, document: read.output } : failed('damaged');
  } catch {
    // A migration met something that its version cannot have written.
    return failed('damaged');
  }
}
