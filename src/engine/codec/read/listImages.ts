import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { compareNames, isHiddenName, isOpenableName, isUnreadName } from '../../../shared/fileName';
import { INPUT_FORMATS, namesOf } from '../../../shared/formats';
import { errnoOf } from '../fileFaults';

/** What a folder holds, by its files' endings; in natural order (img2 before img10). */
export interface ListedImages {
  /** Paths of pictures. */
  readonly images: readonly string[];
  /** Names of pictures of kinds that cannot be read. */
  readonly unread: readonly string[];
}

/**
 * The image files of a folder; hidden files and folders inside are left out. Throws `not-found` where there is no such
 * folder or no image in it, `not-a-file` where it is no folder.
 */
export async function listImages(folder: string): Promise<ListedImages> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = errnoOf(error);
    throw new FaultError(
      code === 'ENOTDIR' ? 'not-a-file' : 'not-found',
      `Expected a folder of pictures at ${folder}, found ${code === 'ENOTDIR' ? 'a file' : 'none that can be read'}; check the name.`,
      { file: folder, detail: String(error) },
    );
  }
  const names = entries
    .filter((entry) => !entry.isDirectory() && !isHiddenName(entry.name))
    .map((entry) => entry.name)
    .sort(compareNames);
  const images = names.filter(isOpenableName);
  if (images.length === 0) {
    throw new FaultError(
      'not-found',
      `Expected pictures (${namesOf(INPUT_FORMATS, 'or')}) in ${folder}, found none; name another folder.`,
      { file: folder },
    );
  }
  return {
    images: images.map((name) => join(folder, name)),
    unread: names.filter(isUnreadName),
  };
}
