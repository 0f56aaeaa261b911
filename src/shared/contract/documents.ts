import * as v from 'valibot';
import { photoTokenSchema } from '../enlargement';
import { photoInfoSchema } from './photos';
import { snapshotSchema } from './session';

/** What a door calls a file on its disk, in place of the path. */
export const fileIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const nameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(255));

/** A document that a door has read: its photos are in the door's book, under tokens of their own. */
export const openedDocumentSchema = v.object({
  file: fileIdSchema,
  name: nameSchema,
  /** As a page wrote it, by whatever version. */
  snapshot: v.unknown(),
  /** The tokens that the snapshot has, and those by which `photo:reopen` brings the photos. */
  photos: v.array(v.object({ was: photoTokenSchema, photo: photoTokenSchema })),
});
export type OpenedDocument = v.InferOutput<typeof openedDocumentSchema>;

/** A photo or a document that was opened lately; `folder`: the last part of where it lies, to tell it apart. */
export const recentFileSchema = v.object({
  id: fileIdSchema,
  kind: v.picklist(['photo', 'document']),
  name: nameSchema,
  folder: v.string(),
});
export type RecentFile = v.InferOutput<typeof recentFileSchema>;

/**
 * Documents as files and what was opened lately: of the desktop, which knows paths. A browser reads and writes
 * documents itself, and gives no file again unasked: there the lists are empty and the rest is refused.
 */
export const documentPageDoorCalls = {
  /** Asks with the native dialog; null: it was closed. */
  'document:open': { params: v.object({}), value: v.nullable(openedDocumentSchema) },
  /** Writes to the file that the document came from, or asks where (`file` null; a closed dialog answers `stopped`). */
  'document:save': {
    params: v.object({
      snapshot: snapshotSchema,
      file: v.nullable(fileIdSchema),
      suggestedName: v.pipe(v.string(), v.maxLength(255)),
    }),
    value: v.object({ file: fileIdSchema, name: nameSchema }),
  },
  /** The latest first; what is not there any more is left out. */
  'recent:list': { params: v.object({}), value: v.array(recentFileSchema) },
  /** Opens one again. Throws `not-found` where it is gone meanwhile. */
  'recent:open': {
    params: v.object({ id: fileIdSchema }),
    value: v.variant('kind', [
      v.object({ kind: v.literal('photo'), photo: photoInfoSchema }),
      v.object({ kind: v.literal('document'), document: openedDocumentSchema }),
    ]),
  },
  'recent:clear': { params: v.object({}), value: v.null() },
} as const;
