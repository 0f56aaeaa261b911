import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { area, contains, rect, type Rect, type Size } from '../../shared/geometry';
import { Band, type Placed } from './band';
import { diskFull, expectFreeSpace, isDiskFull } from './fileFaults';
import { blobsOf, type PhotoMetadata } from './metadata';
import { readPixels } from './readPixels';
import { encodeHeader, encodeTrailer, fileBytes, offsetOf, pixelBytes, rowBytes } from './vipsFile';
import type { PixelLayout, Samples } from './vipsFile';

/** Density written where nobody says one; the convention of screens, as JPEG files without one have it. */
export const DEFAULT_DENSITY = 72;
/** Tiles side by side are collected up to this size and written as whole rows. */
const BAND_BYTES_MAX = 96 << 20;

/**
 * A picture being assembled on disk, tile by tile in any order: a .v file of full length from the start,
 * so that memory stays flat however large it is.
 */
export class Scratch implements PixelLayout {
  private band: Band | undefined;
  private pending: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly layout: PixelLayout,
    private readonly folder: string,
    private readonly file: FileHandle,
  ) {}

  static async create(layout: PixelLayout, folder: string): Promise<Scratch> {
    await expectFreeSpace(folder, fileBytes(layout));
    const path = join(folder, `scratch-${randomUUID()}.v`);
    const file = await open(path, 'wx+', 0o600);
    const scratch = new Scratch(path, layout, folder, file);
    try {
      await file.write(encodeHeader(layout, DEFAULT_DENSITY), 0, undefined, 0);
      await file.truncate(fileBytes(layout));
    } catch (error) {
      await scratch.close();
      throw scratch.explain(error);
    }
    return scratch;
  }

  get width(): number {
    return this.layout.width;
  }
  get height(): number {
    return this.layout.height;
  }
  get channels(): number {
    return this.layout.channels;
  }
  get depth(): 8 | 16 {
    return this.layout.depth;
  }

  /**
   * Puts interleaved samples of the scratch's depth at a rectangle inside it. The samples may be reused
   * once it has resolved. Throws RangeError for a rectangle outside or samples of another length or depth,
   * `disk-full` with the folder.
   */
  async write(at: Rect, samples: Samples): Promise<void> {
    this.expect(at, samples);
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    // One at a time: a band is one tile's row of tiles, and calls may come from several tiles at once.
    const turn = this.pending.then(() => this.place({ at, bytes }));
    this.pending = turn.catch(() => undefined);
    await turn;
  }

  /** Brings everything written so far into the file. */
  async flush(): Promise<void> {
    const turn = this.pending.then(() => this.closeBand());
    this.pending = turn.catch(() => undefined);
    await turn;
  }

  /** The interleaved samples of a rectangle; zeros where nothing was written yet. */
  async read(at: Rect): Promise<Samples> {
    await this.flush();
    return readPixels(this.file, this.layout, at);
  }

  /** Gives the file its metadata and density (pixels an inch), for an encoder to read from `path`. */
  async describe(metadata: PhotoMetadata, density: number): Promise<void> {
    await this.flush();
    const end = fileBytes(this.layout);
    await this.guard(async () => {
      await this.file.truncate(end);
      await this.writeAll(encodeTrailer(blobsOf(metadata)), end);
      await this.writeAll(encodeHeader(this.layout, density), 0);
    });
  }

  /** Removes the file. */
  async close(): Promise<void> {
    this.band = undefined;
    await this.pending;
    await this.file.close();
    await rm(this.path, { force: true, maxRetries: 3 });
  }

  private expect(at: Rect, samples: Samples): void {
    const { width, height, channels, depth } = this.layout;
    const length = area(at) * channels;
    if (!contains(rect(0, 0, width, height), at)) {
      throw new RangeError(
        `a tile lies inside ${width} x ${height}, received ${at.width} x ${at.height} at ${at.x}, ${at.y}`,
      );
    }
    if (samples.length !== length || samples.BYTES_PER_ELEMENT * 8 !== depth) {
      throw new RangeError(
        `a tile of ${at.width} x ${at.height} needs ${length} samples of ${depth} bit, received ${samples.length} of ${samples.BYTES_PER_ELEMENT * 8}`,
      );
    }
  }

  private async place(tile: Placed): Promise<void> {
    const { at, bytes } = tile;
    if (at.width === this.layout.width) {
      await this.closeBand();
      await this.guard(() => this.writeAll(bytes, offsetOf(this.layout, at)));
      return;
    }
    const band = this.band?.takes(at) ? this.band : await this.openBand(at);
    if (!band) await this.writeRows(tile);
    else if (band.add(tile)) await this.closeBand();
  }

  /** The next band, for a tile that the last has no place for; undefined where one would be too large. */
  private async openBand(at: Rect): Promise<Band | undefined> {
    await this.closeBand();
    const fits = at.height * rowBytes(this.layout) <= BAND_BYTES_MAX;
    return (this.band = fits ? new Band(this.layout, at.y, at.height) : undefined);
  }

  /** A full band goes out in one write; of one with gaps only the tiles that it has. */
  private async closeBand(): Promise<void> {
    const band = this.band;
    this.band = undefined;
    if (!band) return;
    if (band.isFull) {
      await this.guard(() => this.writeAll(band.bytes, offsetOf(this.layout, { x: 0, y: band.y })));
      return;
    }
    for (const at of band.parts) await this.writeRows({ at, bytes: band.cut(at) });
  }

  private async writeRows({ at, bytes }: Placed): Promise<void> {
    const segment = at.width * pixelBytes(this.layout);
    await this.guard(async () => {
      for (let row = 0; row < at.height; row++) {
        const part = bytes.subarray(row * segment, (row + 1) * segment);
        await this.writeAll(part, offsetOf(this.layout, { x: at.x, y: at.y + row }));
      }
    });
  }

  private async writeAll(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }

  private async guard(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw this.explain(error);
    }
  }

  private explain(error: unknown): unknown {
    return isDiskFull(error) ? diskFull(this.folder, fileBytes(this.layout)) : error;
  }
}

/**
 * A scratch file for `size` pixels in `folder`. Throws `disk-full`, before anything is written, where the
 * disk has not enough room. Close it when done.
 */
export function createScratch(size: Size, channels: number, depth: 8 | 16, folder: string): Promise<Scratch> {
  return Scratch.create({ width: size.width, height: size.height, channels, depth }, folder);
}
