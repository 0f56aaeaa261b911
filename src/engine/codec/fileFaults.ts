import { statfs } from 'node:fs/promises';
import { FaultError } from '../../shared/faults';

/** The system's name of an error, such as ENOSPC; the message where it has none. */
export function errnoOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

const NO_SPACE = /ENOSPC|EDQUOT|No space left|Disk quota exceeded|not enough space/i;

export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && (NO_SPACE.test(errnoOf(error)) || NO_SPACE.test(error.message));

const TOO_BIG = /EFBIG|File too large/i;

/** A file that grew beyond what the system or the disk lets one file be (`ulimit -f`; 4 GiB on FAT). */
export const isFileTooBig = (error: unknown): boolean =>
  error instanceof Error && (TOO_BIG.test(errnoOf(error)) || TOO_BIG.test(error.message));

const NO_MEMORY = /out of memory|cannot allocate|bad_alloc|ENOMEM|insufficient memory|malloc/i;

export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && (NO_MEMORY.test(errnoOf(error)) || NO_MEMORY.test(error.message));

/** The machine ran out of memory over a file: nothing is wrong with the file itself. */
export const outOfMemory = (name: string, error: unknown): FaultError =>
  new FaultError(
    'too-large',
    `Expected enough memory for ${name}, found that the system has no more to give; close other programs and try again.`,
    { file: name, detail: error instanceof Error ? error.message : String(error) },
  );

/** Bytes as a person reads them: 1.2 GB, 640 MB. */
export function inWords(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.ceil(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

export function diskFull(folder: string, neededBytes: number | undefined, freeBytes?: number): FaultError {
  const needed = neededBytes === undefined ? 'more space' : inWords(neededBytes);
  const found = freeBytes === undefined ? 'found the disk full' : `found ${inWords(freeBytes)} free`;
  return new FaultError(
    'disk-full',
    `Expected ${needed} on the disk of ${folder}, ${found}; free some space there, or use another disk (ENLARGER_SCRATCH for temporary pixels).`,
    { file: folder },
  );
}

/** Throws `disk-full` where the disk of `folder` has less than `neededBytes` free. */
export async function expectFreeSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes < neededBytes) throw diskFull(folder, neededBytes, freeBytes);
}

/** Why a target could not be written, as a fault that names it. */
export function unwritable(target: string, error: unknown): FaultError {
  const detail = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) {
    return new FaultError(
      'disk-full',
      `Expected room for ${target}, found the disk full; free some space there, or choose another place.`,
      { file: target, detail },
    );
  }
  const words = isFileTooBig(error) ? 'a limit on the size of a file' : reasonOf(error);
  return new FaultError(
    'output-unwritable',
    `Expected to write ${target}, found ${words}; choose another place.`,
    { file: target, detail },
  );
}

function reasonOf(error: unknown): string {
  const reasons: Record<string, string> = {
    EACCES: 'no permission to write there',
    EPERM: 'no permission to write there',
    EROFS: 'a disk that can only be read',
    ENOENT: 'no such folder',
    ENOTDIR: 'a file where a folder should be',
    EISDIR: 'a folder of that name',
    ENAMETOOLONG: 'a name that is too long for this disk',
  };
  const code = errnoOf(error);
  return reasons[code] ?? `the error ${code}`;
}
