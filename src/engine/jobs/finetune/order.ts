import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import * as v from 'valibot';
import { finetuneSettingsSchema, pageSchema, type FinetuneOrder } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import type { Client } from '../../schedule/client';
import { keepPhoto, type LeasedPhotos } from '../upscale/source';

const stampSchema = v.object({ bytes: v.number(), changedAt: v.number() });

/** A photo to learn from, as the ledger keeps it. */
const sourceSchema = v.object({
  path: v.string(),
  name: v.string(),
  /** In the job's own folder, since its door removes the original. */
  kept: v.boolean(),
  /** As it was when the training began; null where it was not there. */
  stamp: v.nullable(stampSchema),
  /** Which picture of the file; absent: the first. */
  page: v.optional(pageSchema),
});
export type TrainingPhoto = v.InferOutput<typeof sourceSchema>;

/** An order as the ledger keeps it: with all that another engine needs to go on. */
export const storedTrainingSchema = v.object({
  settings: finetuneSettingsSchema,
  photos: v.array(sourceSchema),
});
export type StoredTraining = v.InferOutput<typeof storedTrainingSchema>;

async function stampOf(path: string): Promise<TrainingPhoto['stamp']> {
  const found = await stat(path).catch(() => undefined);
  return found ? { bytes: found.size, changedAt: found.mtimeMs } : null;
}

/** The order's photos, each once, with what they were known by when it was given. */
export async function photosOf(
  { photos }: FinetuneOrder,
  client: Pick<Client, 'id'>,
  open: LeasedPhotos,
  folder: string,
): Promise<TrainingPhoto[]> {
  const found = new Map<string, TrainingPhoto>();
  for (const [k, one] of photos.entries()) {
    if ('path' in one) {
      const path = resolve(one.path);
      found.set(`${path}#1`, { path, name: basename(path), kept: false, stamp: await stampOf(path) });
      continue;
    }
    const { photo, end } = open.lease(client.id, one.photo);
    try {
      const { page, info } = photo;
      const path = photo.temporary
        ? await keepPhoto(photo.path, info.name, folder, `photo-${k}`)
        : resolve(photo.path);
      const kept = { path, name: info.name, kept: photo.temporary, stamp: await stampOf(path) };
      found.set(`${photo.temporary ? photo.path : path}#${page}`, page === 1 ? kept : { ...kept, page });
    } finally {
      end();
    }
  }
  return [...found.values()];
}

/** Throws where a photo is not any more what it was when the training began: what was learned was learned from that. */
export async function expectSamePhotos(photos: readonly TrainingPhoto[]): Promise<void> {
  for (const { path, name, stamp } of photos) {
    const now = await stampOf(path);
    if (now?.bytes === stamp?.bytes && now?.changedAt === stamp?.changedAt) continue;
    throw new FaultError(
      now ? 'photo-changed' : 'photo-moved',
      now
        ? `Expected ${name} as it was when the training began, but it was changed since; begin anew, or drop the training.`
        : `Expected ${name} where it was when the training began, but it is gone; put it back, begin anew without it, or drop the training.`,
      { file: name },
    );
  }
}
