import { basename } from 'node:path';
import { area, contains, placeText, rect, type Rect, type Size } from '../../../shared/geometry';
import { Mutex } from '../../../shared/mutex';
import { Band, type Placed } from './band';
import { bytesOf, rowBytes, type PixelLayout, type Samples } from './layout';
import { blobsOf, type PhotoMetadata } from '../metadata/metadata';
import { ScratchParts } from './scratchParts';
import { encodeHeader, encodeTrailer } from './vipsFile';

/** Tiles side by side are collected up to this size and written as whole rows. */
const BAND_BYTES_MAX = 96 << 20;

/**
 * A picture being assembled on disk, tile by tile in any order, for an encoder to read: memory stays flat
 * however large it is.
 */
export class Scratch implements PixelLayout {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  private band: Band | undefined;
  /** Of the last band, which is in the file: fresh memory of that size has to be cleared page by page. */
  private spare: ArrayBuffer | undefined;
  /** A band is one row of tiles, and calls come from several tiles at once. */
  private readonly turns = new Mutex();

  /** Told of tiles that are in the file and not only in memory: what a death of the process would leave. */
  onStored: ((tiles: readonly Rect[]) => void) | undefined;

  constructor(private readonly parts: ScratchParts) {
    ({ width: this.width, height: this.height, channels: this.channels, depth: this.depth } = parts.layout);
  }

  /** The files that hold it, from top to bottom; all with `rowsPerFile` rows but the last. */
  get paths(): string[] {
    return this.parts.files.map(({ path }) => path);
  }

  /** The names of these files in their folder, for `reopenScratch`. */
  get names(): string[] {
    return this.paths.map((path) => basename(path));
  }

  get rowsPerFile(): number {
    return this.parts.rowsPerPart;
  }

  get format(): 'tiff' | 'vips' {
    return this.parts.files[0]!.container.format;
  }

  /**
   * Puts interleaved samples of the scratch's depth at a rectangle inside it. The samples may be reused
   * once it has resolved. Throws RangeError for a rectangle outside or samples of another length or depth,
   * `disk-full` with the folder.
   */
  async write(at: Rect, samples: Samples): Promise<void> {
    this.expect(at, samples);
    await this.turns.run(() => this.place({ at, bytes: bytesOf(samples) }));
  }

  /** Brings everything written so far into the file. */
  flush(): Promise<void> {
    return this.turns.run(async () => {
      await this.closeBand();
      this.spare = undefined;
    });
  }

  /** The interleaved samples of a rectangle; zeros where nothing was written yet. */
  async read(at: Rect): Promise<Samples> {
    await this.flush();
    return this.parts.read(at);
  }

  /** Puts metadata and density (pixels an inch) around the pixels; for the format `vips` only. */
  async describe(metadata: PhotoMetadata, density: number): Promise<void> {
    await this.turns.run(() =>
      this.parts.files[0]!.writeAround(encodeHeader(this, density), encodeTrailer(blobsOf(metadata))),
    );
  }

  /** Brings what is in the files to the disk, so that the power may fail. */
  sync(): Promise<void> {
    return this.parts.sync();
  }

  /** Removes the file. */
  async close(): Promise<void> {
    await this.turns.run(() => {
      this.band = undefined;
      return this.parts.remove();
    });
  }

  private expect(at: Rect, samples: Samples): void {
    const length = area(at) * this.channels;
    if (!contains(rect(0, 0, this.width, this.height), at)) {
      throw new RangeError(`a tile lies inside ${this.width} x ${this.height}, received ${placeText(at)}`);
    }
    if (samples.length !== length || samples.BYTES_PER_ELEMENT * 8 !== this.depth) {
      throw new RangeError(
        `a tile of ${at.width} x ${at.height} needs ${length} samples of ${this.depth} bit, received ${samples.length} of ${samples.BYTES_PER_ELEMENT * 8}`,
      );
    }
  }

  private async place(tile: Placed): Promise<void> {
    if (tile.at.width === this.width) {
      await this.closeBand();
      await this.parts.writeRows(tile.at.y, tile.bytes);
      this.onStored?.([tile.at]);
      return;
    }
    const band = this.band?.takes(tile.at) ? this.band : await this.openBand(tile.at);
    if (!band) {
      await this.parts.writeTile(tile);
      this.onStored?.([tile.at]);
    } else if (band.add(tile)) await this.closeBand();
  }

  /** The next band, for a tile that the last has no place for; undefined where one would be too large. */
  private async openBand(at: Rect): Promise<Band | undefined> {
    await this.closeBand();
    const fits = at.height * rowBytes(this) <= BAND_BYTES_MAX;
    if (!fits) return undefined;
    this.band = new Band(this, at.y, at.height, this.spare);
    this.spare = undefined;
    return this.band;
  }

  /** A full band goes out in one write; of one with gaps only the tiles that it has. */
  private async closeBand(): Promise<void> {
    const band = this.band;
    this.band = undefined;
    if (!band) return;
    if (band.isFull) await this.parts.writeRows(band.y, band.bytes);
    else for (const at of band.parts) await this.parts.writeTile({ at, bytes: band.cut(at) });
    this.spare = band.memory;
    this.onStored?.(band.parts);
  }
}

/**
 * A scratch for `size` pixels in `folder`. Throws `disk-full`, before anything is written, where the disk
 * has not enough room. Close it when done.
 */
export async function createScratch(
  size: Size,
  channels: number,
  depth: 8 | 16,
  folder: string,
): Promise<Scratch> {
  const layout: PixelLayout = { width: size.width, height: size.height, channels, depth };
  return new Scratch(await ScratchParts.create(layout, folder));
}

/**
 * The scratch of a process that died, as it was left; undefined where its files are not all there in full.
 * `names` as `Scratch.names` gave them.
 */
export async function reopenScratch(
  layout: PixelLayout,
  folder: string,
  names: readonly string[],
): Promise<Scratch | undefined> {
  const parts = await ScratchParts.reopen(layout, folder, names);
  return parts && new Scratch(parts);
}
