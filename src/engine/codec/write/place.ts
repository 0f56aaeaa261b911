import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, lstat, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { errnoOf, unwritable } from '../fileFaults';

const exists = (target: string): FaultError =>
  new FaultError(
    'output-exists',
    `Expected no file at ${target}, found one; choose another name, or allow overwriting it.`,
    { file: target },
  );

const notReplaceable = (target: string, what: string): FaultError =>
  new FaultError(
    'output-unwritable',
    `Expected a file, or no file, at ${target}, found ${what}, which is not replaced; choose another name.`,
    { file: target },
  );

/** What stands at a path that is no folder and no regular file, in words. */
function kindOf(found: Stats): string {
  if (found.isCharacterDevice() || found.isBlockDevice()) return 'a device';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'something that is no file';
}

/**
 * Where a target really lies: through a symbolic link the file that it points to is meant. Only regular files
 * may be replaced: throws `output-unwritable` for folders, devices, pipes, sockets and links to nowhere.
 */
async function resolveTarget(target: string): Promise<{ path: string; there: Stats | undefined }> {
  const absent = (error: unknown): undefined => {
    if (errnoOf(error) !== 'ENOENT') throw unwritable(target, error);
  };
  const there = await lstat(target).catch(absent);
  if (!there?.isSymbolicLink()) return { path: target, there };
  const pointedTo = await stat(target).catch(absent);
  if (!pointedTo) throw notReplaceable(target, 'a link to nowhere');
  return { path: pointedTo.isFile() ? await realpath(target) : target, there: pointedTo };
}

/**
 * The path to write for a target, found before any work, with what `place` would throw at its end:
 * `output-exists` where a file is there and may not be replaced; `output-unwritable` for what is no regular
 * file, a folder that is missing or closed to us, a name that is too long, or where the target is the photo
 * itself (`source`), under whatever name: device and inode are compared, so that symbolic links to folders and
 * hard links are seen through. `onStaging` as for `openStaging`.
 */
export async function expectPlace(
  target: string,
  overwrite: boolean,
  source?: string,
  onStaging?: (folder: string) => Promise<void>,
): Promise<string> {
  const { path, there } = await resolveTarget(target);
  if (there?.isDirectory()) throw unwritable(target, Object.assign(new Error(), { code: 'EISDIR' }));
  if (there && !there.isFile()) throw notReplaceable(target, kindOf(there));
  if (there && !overwrite) throw exists(target);
  if (there && source !== undefined && (await isSameFile(target, source))) {
    throw new FaultError(
      'output-exists',
      `Expected a file beside the photo, found that ${target} is the photo itself under another name, which is never overwritten; choose another name.`,
      { file: target },
    );
  }
  const parent = await stat(dirname(path)).catch((error: unknown) => {
    throw unwritable(target, error);
  });
  if (!parent.isDirectory()) throw unwritable(target, Object.assign(new Error(), { code: 'ENOTDIR' }));
  await expectWritable(path, onStaging);
  return path;
}

/** Whether two paths lead to one file; false where either is missing. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const identityOf = (path: string) => stat(path, { bigint: true }).catch(() => undefined);
  const [a, b] = await Promise.all([identityOf(one), identityOf(other)]);
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** By doing what will be done: permissions, read-only disks and quotas are known to the system alone. */
async function expectWritable(path: string, onStaging?: (folder: string) => Promise<void>): Promise<void> {
  const { folder } = await openStaging(path, onStaging);
  await rm(folder, { recursive: true, force: true });
}

/**
 * A private folder beside the target, for the file until it is whole: on the same disk, so that it can be
 * moved, and removable with whatever an encoder still writes into it.
 */
export async function openStaging(
  target: string,
  onStaging?: (folder: string) => Promise<void>,
): Promise<{ folder: string; file: string }> {
  const name = `.${basename(target).slice(0, 40)}.part-${randomBytes(4).toString('hex')}`;
  const folder = join(dirname(target), name);
  await onStaging?.(folder);
  try {
    await mkdir(folder, { mode: 0o700 });
    return { folder, file: join(folder, 'picture') };
  } catch (error) {
    throw unwritable(target, error);
  }
}

/** Removes a folder that `openStaging` made, of a process that died; anything else is left alone. */
export async function removeStaging(folder: string): Promise<void> {
  if (/^\..*\.part-[0-9a-f]{8}$/s.test(basename(folder))) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** By what a file is known again after it was moved. */
export interface FileMark {
  readonly inode: number;
  readonly bytes: number;
  readonly changedAt: number;
}

/** Throws the system's error where there is no such file. */
export async function fileMark(path: string): Promise<FileMark> {
  const { ino, size, mtimeMs } = await stat(path);
  return { inode: ino, bytes: size, changedAt: mtimeMs };
}

/** Moves a finished file into place, on the disk for good, or leaves everything as it was. */
export async function place(file: string, target: string, overwrite: boolean): Promise<void> {
  try {
    await synchronise(file);
    // Once more: something else may have taken the name while the pixels were made.
    if (overwrite && !(await isReplaceable(target)))
      throw notReplaceable(target, 'something that is no file');
    if (overwrite) await rename(file, target);
    else await moveExclusively(file, target);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    if (errnoOf(error) === 'EEXIST') throw exists(target);
    throw unwritable(target, error);
  }
  // The name, too; folders cannot be opened everywhere, and the file itself is safe already.
  await synchronise(dirname(target)).catch(() => undefined);
}

const isReplaceable = (target: string): Promise<boolean> =>
  lstat(target).then(
    (found) => found.isFile(),
    (error: unknown) => errnoOf(error) === 'ENOENT',
  );

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
