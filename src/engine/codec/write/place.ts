import { link, lstat, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { errnoOf, unwritable } from '../fileFaults';

const exists = (target: string): FaultError =>
  new FaultError(
    'output-exists',
    `Expected no file at ${target}, found one; choose another name, or allow overwriting it.`,
    { file: target },
  );

/**
 * Throws, before any work, what `place` would throw at its end: `output-exists` where a file is there and
 * may not be replaced, `output-unwritable` for a folder of that name or a folder that is missing.
 */
export async function expectPlace(target: string, overwrite: boolean): Promise<void> {
  const there = await lstat(target).catch(() => undefined);
  if (there && !overwrite) throw exists(target);
  if (there?.isDirectory()) throw unwritable(target, Object.assign(new Error(), { code: 'EISDIR' }));
  const parent = await stat(dirname(target)).catch((error: unknown) => {
    throw unwritable(target, error);
  });
  if (!parent.isDirectory()) throw unwritable(target, Object.assign(new Error(), { code: 'ENOTDIR' }));
}

/**
 * A private folder beside the target, for the file until it is whole: on the same disk, so that it can be
 * moved, and removable with whatever an encoder still writes into it.
 */
export async function openStaging(target: string): Promise<{ folder: string; file: string }> {
  try {
    const folder = await mkdtemp(join(dirname(target), `.${basename(target).slice(0, 40)}.part-`));
    return { folder, file: join(folder, 'picture') };
  } catch (error) {
    throw unwritable(target, error);
  }
}

/** Moves a finished file into place, on the disk for good, or leaves everything as it was. */
export async function place(file: string, target: string, overwrite: boolean): Promise<void> {
  try {
    await synchronise(file);
    if (overwrite) await rename(file, target);
    else await moveExclusively(file, target);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw exists(target);
    throw unwritable(target, error);
  }
  // The name, too; folders cannot be opened everywhere, and the file itself is safe already.
  await synchronise(dirname(target)).catch(() => undefined);
}

/** Without a moment in which somebody else's new file could be replaced. */
async function moveExclusively(file: string, target: string): Promise<void> {
  try {
    await link(file, target);
    return;
  } catch (error) {
    // Disks without hard links (FAT, some network shares) say so in several ways.
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EINVAL'].includes(errnoOf(error))) {
      throw error;
    }
  }
  // There an empty file takes the name first, and is then replaced by the whole one.
  await (await open(target, 'wx')).close();
  try {
    await rename(file, target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

async function synchronise(path: string): Promise<void> {
  const opened = await open(path, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
