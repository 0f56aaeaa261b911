import { constants, copyFile, link, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { expectStillThere } from '../../codec/read/inputFile';
import type { FilePhoto } from '../../codec/read/open';
import type { Client } from '../../schedule/client';
import { fromHere, type StoredOrder } from './order';
import type { PhotoStamp } from './marks';

/** The name of a photo's file in its job's folder. */
export const KEPT_PHOTO = 'photo';

/**
 * Keeps a file that its door will remove in a folder: the same bytes under a second name, or a copy on another disk.
 * Throws `not-found` where it is gone already; `title` names it.
 */
export async function keepPhoto(
  path: string,
  title: string,
  folder: string,
  name = KEPT_PHOTO,
): Promise<string> {
  const kept = join(folder, name);
  await link(path, kept).catch(async () => {
    await expectStillThere(path, title);
    await copyFile(path, kept, constants.COPYFILE_FICLONE);
    const { atime, mtime } = await stat(path);
    await utimes(kept, atime, mtime); // the result may be asked to have it
  });
  return kept;
}

export const sourcePath = ({ source, from }: StoredOrder): string => fromHere(source.path, from);

/** By what a photo's file is known to be the same; `not-found` where it is gone. */
export async function stampOf(order: StoredOrder): Promise<PhotoStamp> {
  try {
    const { size, mtimeMs } = await stat(sourcePath(order));
    return { bytes: size, changedAt: mtimeMs };
  } catch {
    const { name } = order.source;
    throw new FaultError(
      'not-found',
      `Expected ${name} where it was, but it is gone; put it back, or drop the job.`,
      { file: name },
    );
  }
}

/** Open photos as far as jobs need them. */
export interface LeasedPhotos<P = FilePhoto> {
  lease(client: string, photo: string): { readonly photo: P; readonly end: () => void };
}

/** A photo for as long as a job needs it. */
export interface HeldPhoto<P = FilePhoto> {
  readonly photo: P;
  readonly end: () => Promise<void>;
}

/** The client's open photo, kept open while the job needs it. Throws `unknown-photo`. */
export function leaseOf<P>(photos: LeasedPhotos<P>, client: Pick<Client, 'id'>, token: string): HeldPhoto<P> {
  const { photo, end } = photos.lease(client.id, token);
  return {
    photo,
    end: () => {
      end();
      return Promise.resolve();
    },
  };
}

/**
 * Several of a client's open photos, kept open together until `end`: what `choose` leases is held, or, where it throws
 * (`unknown-photo` where there is no such photo), none of it.
 */
export function leaseTogether<T>(
  photos: LeasedPhotos,
  client: Pick<Client, 'id'>,
  choose: (lease: (token: string) => FilePhoto) => T,
): { readonly chosen: T; readonly end: () => void } {
  const ends: (() => void)[] = [];
  const end = (): void => ends.splice(0).forEach((one) => one());
  try {
    const chosen = choose((token) => {
      const { photo, end: endOne } = photos.lease(client.id, token);
      ends.push(endOne);
      return photo;
    });
    return { chosen, end };
  } catch (error) {
    end();
    throw error;
  }
}
