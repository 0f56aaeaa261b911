import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Page } from '../../../shared/contract';
import { distinctNames } from '../../../shared/fileName';
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
  listImages(folder: string): Promise<string[]>;
  readWhole(path: string, signal: AbortSignal, page?: Page): Promise<Raster>;
}

/** What an evaluation measures on, in its order: the pictures that were named, or all of its folder. */
export async function originalsOf(
  { originals, folder }: Pick<StoredEvaluation, 'originals' | 'folder'>,
  files: Pick<EvaluateFiles, 'listImages'>,
): Promise<readonly Original[]> {
  if (originals) return originals;
  const paths = await files.listImages(folder);
  return paths.map((path) => ({ path, file: basename(path) }));
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
