import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { INPUT_FORMATS, namesOf, OPENABLE } from '../../../shared/formats';
import { errnoOf } from '../fileFaults';

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * The paths of a folder's image files, by their names' endings, in natural order (img2 before img10);
 * hidden files and folders inside are left out. Throws `not-found` where there is no such folder or no
 * image in it, `not-a-file` where it is no folder.
 */
export async function listImages(folder: string): Promise<string[]> {
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
  const images = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => OPENABLE.includes(extname(name).slice(1).toLowerCase()))
    .sort((a, b) => byName.compare(a, b) || (a < b ? -1 : 1));
  if (images.length === 0) {
    throw new FaultError(
      'not-found',
      `Expected pictures (${namesOf(INPUT_FORMATS, 'or')}) in ${folder}, found none; name another folder.`,
      { file: folder },
    );
  }
  return images.map((name) => join(folder, name));
}
