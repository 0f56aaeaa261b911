import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError } from '../shared/faults';

/** The largest photo that a page may send, bytes. */
export const UPLOAD_BYTES_MAX = 4 * 1024 ** 3;

export interface UploadOptions {
  /** Where the bytes go; must not exist. */
  readonly path: string;
  /** What the user calls the photo, for faults. */
  readonly name: string;
  /** What the sender announced; undefined where it did not. */
  readonly announcedBytes: number | undefined;
  readonly bytesMax: number;
  /** The page is gone. */
  readonly signal: AbortSignal;
}

function tooLarge(name: string, bytesMax: number): FaultError {
  const mebibytes = Math.floor(bytesMax / 1024 ** 2);
  return new FaultError(
    'too-large',
    `Expected a photo of at most ${mebibytes} MiB; ${name} is larger. The terminal (enlarger upscale) takes it.`,
    { file: name },
  );
}

/**
 * The body's bytes until there are more than `bytesMax`. Leaving early does not destroy the body, whose
 * connection has yet to carry the answer.
 */
async function* upTo(bytesMax: number, body: Readable, name: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge(name, bytesMax);
    yield chunk;
  }
}

function faultOfStream(error: unknown, name: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new FaultError(
      'disk-full',
      `Expected room for ${name} in the folder for temporary files, but the disk is full; free some space and open it again.`,
      { file: name },
    );
  }
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') {
    return new FaultError('stopped', `${name} was not sent to its end.`, { file: name });
  }
  return error;
}

/**
 * Writes a photo as it arrives, no faster than the disk takes it. Leaves a whole file or none: an upload
 * that is too large, breaks off or is aborted is deleted before this rejects.
 */
export async function receiveUpload(body: Readable, options: UploadOptions): Promise<void> {
  const { path, name, announcedBytes, bytesMax, signal } = options;
  if (announcedBytes !== undefined && announcedBytes > bytesMax) throw tooLarge(name, bytesMax);
  const breakOff = (): void => void body.destroy();
  signal.addEventListener('abort', breakOff, { once: true });
  try {
    signal.throwIfAborted();
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(upTo(bytesMax, body, name), file);
  } catch (error) {
    await rm(path, { force: true, maxRetries: 3 });
    throw faultOfStream(error, name);
  } finally {
    signal.removeEventListener('abort', breakOff);
  }
}
