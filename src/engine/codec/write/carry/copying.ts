import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Replaces the first `from` bytes of a file with `head`, and appends `tail`; streamed, whatever its size. */
export async function withNewStart(
  file: string,
  head: Buffer,
  from: number,
  tail: Buffer = Buffer.alloc(0),
): Promise<void> {
  const path = `${file}.described`;
  await pipeline(async function* () {
    yield head;
    yield* createReadStream(file, { start: from, highWaterMark: 1 << 20 });
    yield tail;
  }, createWriteStream(path));
  await rename(path, file);
}
