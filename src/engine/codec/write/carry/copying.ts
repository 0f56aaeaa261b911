import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/**
 * Replaces the first `from` bytes of a file with `head`, and appends `tail`, or the file that has this path; streamed,
 * whatever their size.
 */
export async function withNewStart(
  file: string,
  head: Buffer,
  from: number,
  tail: Buffer | string = Buffer.alloc(0),
): Promise<void> {
  const path = `${file}.described`;
  await pipeline(async function* () {
    yield head;
    yield* createReadStream(file, { start: from, highWaterMark: 1 << 20 });
    if (typeof tail === 'string') yield* createReadStream(tail, { highWaterMark: 1 << 20 });
    else yield tail;
  }, createWriteStream(path));
  await rename(path, file);
}
