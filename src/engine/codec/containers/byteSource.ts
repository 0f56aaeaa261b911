import { open } from 'node:fs/promises';

/** Bytes of a file from a position on; fewer where it ends. */
export type ReadAt = (at: number, bytes: number) => Promise<Buffer>;

/** Runs `work` with a reader of the file at `path`, and its length in bytes. */
export async function withReader<T>(
  path: string,
  work: (read: ReadAt, length: number) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await work(async (at, bytes) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
      return buffer.subarray(0, bytesRead);
    }, size);
  } finally {
    await file.close();
  }
}

/** No block of metadata is longer: what claims to be is left out. */
export const BLOCK_BYTES_MAX = 32 << 20;
