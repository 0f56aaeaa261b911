import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Page } from '../../../shared/contract';
import { distinctNames } from '../../../shared/fileName';
import type { ListedImages } from '../../codec/read/listImages';
import type { FilePhoto } from '../../codec/read/open';
import type { Raster } from '../../kernels/raster';
import type { ImageStamp, StoredEvaluation } from './marks';

/** A picture of an evaluation: where it is, and what it is called. */
export interface Original {
  readonly path: string;
  readonly file: string;
  /** Which picture of the file; absent: the first. */
  readonly page?: Page | undefined;
}

/** Where the pictures are read. */
export interface EvaluateFiles {
  listImages(folder: string): Promise<ListedImages>;
  readWhole(path: string, signal: AbortSignal, page?: Page): Promise<Raster>;
}

/** What an evaluation measures on, in its order, and what of its folder it leaves out. */
export interface Originals {
  readonly originals: readonly Original[];
  /** Names of pictures of kinds that cannot be read. */
  readonly unread: readonly string[];
}

/** The pictures that were named, or all of a folder. */
export async function originalsOf(
  { originals, folder }: Pick<StoredEvaluation, 'originals' | 'folder'>,
  files: Pick<EvaluateFiles, 'listImages'>,
): Promise<Originals> {
  if (originals) return { originals, unread: [] };
  const { images, unread } = await files.listImages(folder);
  return { originals: images.map((path) => ({ path, file: basename(path) })), unread };
}

/** What a picture is taken to be the same by. */
export const stampOf = async ({ path, file }: Original): Promise<ImageStamp> => {
  const { size, mtimeMs } = await stat(path);
  return { file, bytes: size, changedAt: mtimeMs };
};

/** Open photos as originals, told apart by their names. */
export function originalsOfPhotos(photos: readonly FilePhoto[]): Original[] {
  const names = distinctNames(photos.map(({ info }) => info.name));
  return photos.map(({ path, page }, k) => {
    const original = { path, file: names[k]! };
    return page === 1 ? original : { ...original, page };
  });
}
