import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, PhotoInfo } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { unlessAborted } from '../../schedule/unlessAborted';
import { bottom, contains, placeText, rect, type Rect, type Size } from '../../../shared/geometry';
import { fromBytes, fromWords } from '../../kernels/color/quantise';
import type { PixelBytes } from '../../kernels/pixelBytes';
import { inverseOf, orient, orientedSize, orientRect, type Orientation } from '../../kernels/orient';
import type { Photo } from '../../photos/photo';
import type { Raster } from '../../kernels/raster';
import { Decoding } from './decoding';
import { expectFreeSpace } from '../fileFaults';
import { levelCount, levelLayout, Levels } from './levels';
import type { PhotoMetadata } from '../metadata/metadata';
import { readPixels } from './readPixels';
import { describeSource, type Source } from './source';
import { bytesOf, pictureBytes, rowBytes, type Samples } from '../scratch/layout';
import { VIPS_ORIGIN } from '../scratch/vipsFile';

/** A photo from a file: with what it carries beside its pixels. */
export interface FilePhoto extends Photo {
  readonly metadata: PhotoMetadata;
  /** The file that it was opened from. */
  readonly path: string;
  /** Sentences about damage that the decoder went over; waits until all is decoded. */
  flaws(signal?: AbortSignal): Promise<readonly string[]>;
  /** Which picture of the file it is. */
  readonly page: Page;
  /** Its door removes the file when the photo is closed. */
  readonly temporary: boolean;
  /** The file's length in bytes and its date (milliseconds since 1970) when it was opened. */
  readonly stamp: { readonly bytes: number; readonly changedAt: number };
  /**
   * Whether a photo stored in colour has none: red, green and blue are equal in every pixel. Known at the first pixel
   * where they differ; a photo without any must be decoded to its end.
   */
  neutral(signal?: AbortSignal): Promise<boolean>;
  /** Where this photo keeps pixels on disk. */
  readonly scratchFolder: string;
}

export interface OpenOptions {
  /** What the user calls the file, for faults and `info.name`; default the path. */
  readonly name?: string;
  /** A private folder for decoded pixels (scratchFolder.ts). */
  readonly scratchFolder: string;
  readonly signal?: AbortSignal;
  readonly temporary?: boolean;
  /** Which picture of the file; absent: the first, and camera raw developed. */
  readonly page?: Page | undefined;
  /** How its pixels are turned, whatever the file says. */
  readonly turn?: Orientation | undefined;
  /** The module that decodes, as a worker, what libvips does not know; absent: this thread does. */
  readonly decoders?: URL;
}

/** The reduced copies together take a third of the photo. */
const LEVELS_SHARE = 4 / 3;

/**
 * Opens a picture file (shared/formats.ts; of several pages or frames one). Resolves when its header is read;
 * decoding into the scratch folder goes on beside, and `read` waits for the rows that it needs. A file that
 * turns out to be damaged rejects pending and later reads with one and the same fault.
 *
 * Throws FaultError: not-found, not-a-file, empty-file, unreadable-image, unsupported-format, too-large,
 * disk-full, bad-option for a page that is not there, each with the name that the user gave.
 */
export async function openPhoto(path: string, options: OpenOptions): Promise<FilePhoto> {
  const { signal, decoders, scratchFolder, page, turn } = options;
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(scratchFolder, 'photo-'));
  try {
    const source = await describeSource(path, options.name ?? path, folder, {
      signal,
      decoders,
      page,
      turn,
    });
    const { size, mtimeMs } = await stat(path);
    await expectFreeSpace(scratchFolder, pictureBytes(source.layout) * LEVELS_SHARE);
    signal?.throwIfAborted();
    return new DecodedPhoto(source, folder, options.temporary ?? false, { bytes: size, changedAt: mtimeMs });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Pixels looked through for colour at once. */
const BLOCK_BYTES = 1 << 20;

class DecodedPhoto implements FilePhoto {
  readonly info: Omit<PhotoInfo, 'photo'>;
  readonly channels: number;
  readonly levels: number;
  readonly metadata: PhotoMetadata;
  readonly path: string;
  readonly page: Page;
  readonly readBytes?: NonNullable<Photo['readBytes']>;
  private readonly decoding: Decoding;
  private readonly reduced: Levels;
  private closing: Promise<void> | undefined;
  private looking: Promise<boolean> | undefined;

  constructor(
    private readonly source: Source,
    readonly scratchFolder: string,
    readonly temporary: boolean,
    readonly stamp: FilePhoto['stamp'],
  ) {
    this.info = source.info;
    this.channels = source.layout.channels;
    this.levels = levelCount(source.layout);
    this.metadata = source.metadata;
    this.path = source.path;
    this.page = source.page;
    this.decoding = new Decoding(source, scratchFolder);
    this.reduced = new Levels(source, this.decoding, scratchFolder);
    if (source.layout.depth === 8 && source.orientation === 1) {
      this.readBytes = (at, options) => this.bytesAt(at, options?.signal);
    }
  }

  async flaws(signal?: AbortSignal): Promise<readonly string[]> {
    await this.decoding.waitForEnd(signal);
    return this.decoding.flaws;
  }

  neutral(signal?: AbortSignal): Promise<boolean> {
    if (!this.looking) {
      this.looking = this.lookForColour();
      this.looking.catch(() => (this.looking = undefined));
    }
    return unlessAborted(this.looking, signal);
  }

  private async lookForColour(): Promise<boolean> {
    const { layout } = this.source;
    if (layout.channels < 3) return false;
    const rows = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes(layout)));
    for (let y = 0; y < layout.height; y += rows) {
      const at = rect<'source'>(0, y, layout.width, Math.min(rows, layout.height - y));
      await this.decoding.waitForRows(bottom(at));
      const file = await this.decoding.handle();
      const samples = await readPixels({ file, layout, origin: VIPS_ORIGIN }, at);
      for (let i = 0; i < samples.length; i += layout.channels) {
        if (samples[i] !== samples[i + 1] || samples[i] !== samples[i + 2]) return false;
      }
    }
    return true;
  }

  decoded(): number {
    return this.decoding.fraction();
  }

  async read(
    at: Rect<'source'>,
    { level = 0, signal }: { level?: number; signal?: AbortSignal } = {},
  ): Promise<Raster> {
    const { orientation, white } = this.source;
    const { width, height, channels, samples } = await this.samplesAt(at, level, signal);
    const picture =
      samples instanceof Uint8Array
        ? fromBytes(samples, width, height, channels)
        : fromWords(samples, width, height, channels);
    if (white < 65535 && samples instanceof Uint16Array) stretch(picture, 65535 / white);
    return orient(picture, orientation);
  }

  private async bytesAt(at: Rect<'source'>, signal?: AbortSignal): Promise<PixelBytes> {
    const { width, height, channels, samples } = await this.samplesAt(at, 0, signal);
    return { width, height, channels, bytes: bytesOf(samples) };
  }

  /** The samples of a rectangle of a level as they are stored, which is not upright. */
  private async samplesAt(
    at: Rect<'source'>,
    level: number,
    signal?: AbortSignal,
  ): Promise<Size & { readonly channels: number; readonly samples: Samples }> {
    const { orientation } = this.source;
    const layout = levelLayout(this.source.layout, level);
    const size = orientedSize(layout, orientation);
    if (level < 0 || level > this.levels || !contains(rect(0, 0, size.width, size.height), at)) {
      throw new RangeError(
        `a read lies inside ${size.width} x ${size.height} at level ${level} of 0 to ${this.levels}, received ${placeText(at)}`,
      );
    }
    // A photo that was closed, or found to be damaged, answers so at every level.
    await this.decoding.waitForRows(0, signal);
    const stored = orientRect<'source'>(at, size, inverseOf(orientation));
    const file = await this.fileOf(level, bottom(stored), signal);
    signal?.throwIfAborted();
    const samples = await readPixels({ file, layout, origin: VIPS_ORIGIN }, stored);
    return { width: stored.width, height: stored.height, channels: layout.channels, samples };
  }

  close(): Promise<void> {
    return (this.closing ??= this.free());
  }

  private async fileOf(level: number, rows: number, signal?: AbortSignal): ReturnType<Levels['handle']> {
    if (level === 0) {
      await this.decoding.waitForRows(rows, signal);
      return this.decoding.handle();
    }
    return unlessAborted(this.reduced.handle(level), signal);
  }

  private async free(): Promise<void> {
    const { name } = this.source;
    await this.decoding.stop(
      new FaultError(
        'unknown-photo',
        `Expected an open photo, found that ${name} was closed; open it again.`,
        {
          file: name,
        },
      ),
    );
    const remove = (): Promise<void> =>
      rm(this.scratchFolder, { recursive: true, force: true, maxRetries: 3 });
    // Windows alone cannot remove files in use; elsewhere their space comes free when the decoder lets go.
    if (process.platform === 'win32') await this.decoding.ended;
    else await remove();
    await this.reduced.close();
    await remove();
  }
}

function stretch({ data }: Raster, by: number): void {
  for (let i = 0; i < data.length; i++) data[i] = data[i]! * by;
}
