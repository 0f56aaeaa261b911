import { unlessAborted } from '../../schedule/unlessAborted';
import { rm, stat, utimes } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import type { Encoding } from '../../../shared/contract';
import type { Size } from '../../../shared/geometry';
import { FaultError } from '../../../shared/faults';
import { adapt, needsAdapting } from './adapt';
import { encoderOf } from './encoders';
import { isDiskFull, isFileTooBig, isOutOfMemory, outOfMemory, unwritable } from '../fileFaults';
import type { EnlargedGainMap } from '../metadata/gainMap';
import type { PhotoMetadata } from '../metadata/metadata';
import { expectPlace, fileMark, openStaging, place, type FileMark } from './place';
import { planEncoding, type EncodingPlan } from './plan';
import { watchGrowth } from './growth';
import { writeJxl } from './jxl';
import { carry } from './carry/carry';
import type { Scratch } from '../scratch/scratch';
import { withTurn } from '../vips';

export interface EncodeOptions {
  /** Whether a file of that name may be replaced. */
  readonly overwrite: boolean;
  /** The photo's own file, which is never overwritten. */
  readonly source?: string;
  readonly signal?: AbortSignal;
  /** To be attached, where the format can (`EncodingPlan.gainMap`). */
  readonly gainMap?: EnlargedGainMap;
  /** Of a piece: the size of the file as whose part it is encoded. */
  readonly partOf?: Size;
  /** The module that encodes JPEG XL as a worker; absent: this thread does. */
  readonly encoders?: URL;
  /** Part done, 0 to 1; estimated from the growing file, nothing in between for WebP and AVIF. */
  readonly onProgress?: (fraction: number) => void;
  /** Told of the folder beside the target before it is made: should the process die, somebody must remove it. */
  readonly onStaging?: (folder: string) => Promise<void>;
  /** Told of the whole file before it is moved into place, by which it is known again there. */
  readonly onPlacing?: (file: FileMark) => Promise<void>;
}

export interface Encoded {
  readonly bytes: number;
  /** Sentences for the user: what the format could not keep. */
  readonly notes: string[];
}

/**
 * Encodes a scratch file into `target`, with the photo's metadata, in a stream: memory stays flat for PNG,
 * JPEG and TIFF. The target appears whole or not at all, and replaces no file unless `overwrite`. The
 * scratch stays open, for another encoding or to be closed.
 *
 * Throws FaultError: format-limit, output-exists, output-unwritable, disk-full; the signal's reason when
 * aborted, with nothing left behind.
 */
export async function encodePhoto(
  scratch: Scratch,
  metadata: PhotoMetadata,
  encoding: Encoding,
  target: string,
  { overwrite, source, signal, gainMap, partOf, encoders, onProgress, onStaging, onPlacing }: EncodeOptions,
): Promise<Encoded> {
  signal?.throwIfAborted();
  const { channels, depth } = scratch;
  const plan = planEncoding(encoding, { channels, depth, metadata }, partOf ?? scratch);
  const path = await expectPlace(target, overwrite, source, onStaging);
  const adapted = needsAdapting(scratch, plan) ? await adapt(scratch, plan, signal) : undefined;
  try {
    const pixels = adapted ?? scratch;
    await pixels.flush();
    const staging = await openStaging(path, onStaging);
    try {
      if (plan.format === 'jxl') {
        await writeJxl(pixels, plan, metadata, staging.file, encoders, signal);
      } else {
        const encoder = await encoderOf(pixels, plan, metadata);
        await runEncoder(encoder, pixels, plan, staging.file, { signal, onProgress });
      }
      const notes = await carry(staging.file, plan, metadata, pixels, gainMap);
      if (encoding.keepDate && source !== undefined) await copyDate(source, staging.file);
      signal?.throwIfAborted();
      const { size: bytes } = await stat(staging.file);
      await onPlacing?.(await fileMark(staging.file));
      await place(staging.file, path, overwrite);
      onProgress?.(1);
      return { bytes, notes: [...plan.notes, ...notes] };
    } catch (error) {
      throw explain(error, target);
    } finally {
      await rm(staging.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  } finally {
    await adapted?.close();
  }
}

/**
 * libvips cannot be interrupted: an aborted encoder runs on into a file that is removed. Where files in use
 * cannot be removed (Windows) its end is waited for.
 */
async function runEncoder(
  encoder: Sharp,
  pixels: Scratch,
  plan: EncodingPlan,
  file: string,
  { signal, onProgress }: { signal: AbortSignal | undefined; onProgress: EncodeOptions['onProgress'] },
): Promise<void> {
  const encoding = withTurn(async () => {
    const stopWatching = onProgress && (await watchGrowth(pixels, plan, file, onProgress));
    try {
      await encoder.toFile(file);
    } finally {
      stopWatching?.();
    }
  }, signal);
  await (process.platform === 'win32' ? encoding : unlessAborted(encoding, signal));
}

/** The photo's modification time, by which many programs sort; kept when the file is moved into place. */
async function copyDate(from: string, to: string): Promise<void> {
  const { atime, mtime } = await stat(from);
  await utimes(to, atime, mtime);
}

function explain(error: unknown, target: string): unknown {
  if (error instanceof FaultError) return error;
  if (isDiskFull(error) || isFileTooBig(error)) return unwritable(target, error);
  if (isOutOfMemory(error)) return outOfMemory(target, error);
  if (!(error instanceof Error) || error.name === 'AbortError') return error;
  return new FaultError(
    'output-unwritable',
    `Expected to encode ${target}, found that the encoder failed; choose another format or place.`,
    { file: target, detail: error.message },
  );
}
