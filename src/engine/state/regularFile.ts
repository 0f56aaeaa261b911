import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** Windows has no such flag, and no named pipes in its folders. */
const NO_WAITING = (constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0;

/**
 * The bytes of a regular file. A pipe, a device or a folder in its place rejects with a sentence instead of
 * being waited for: opening a named pipe to read it blocks until somebody writes.
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | NO_WAITING);
  try {
    if (!(await file.stat()).isFile()) throw new TypeError(`expected ${path} to be a regular file`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The size in bytes of what `readRegularFile` would read; rejects as it does. */
export async function sizeOfRegularFile(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isFile()) throw new TypeError(`expected ${path} to be a regular file`);
  return found.size;
}
