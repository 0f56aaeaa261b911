import { area, rect, type Rect } from '../../../shared/geometry';
import type { Placed } from './band';
import { expectFreeSpace } from '../fileFaults';
import {
  bytesOf,
  newSamples,
  pictureBytes,
  pixelBytes,
  rowBytes,
  type PixelLayout,
  type Samples,
} from './layout';
import { ScratchFile } from './scratchFile';

/** sharp opens none larger as part of a joined picture (0x3fff squared). */
const PART_PIXELS_MAX = 0x3fff ** 2;

/**
 * One picture's pixels in files below each other: of colour as many as needed to keep each within what
 * sharp joins (and within a plain TIFF's 4 GiB), of grey one.
 */
export class ScratchParts {
  private constructor(
    readonly layout: PixelLayout,
    /** Rows of every part but the last, which may have fewer. */
    readonly rowsPerPart: number,
    readonly files: readonly ScratchFile[],
  ) {}

  /** Throws `disk-full`, before anything is written, where `folder` has not enough room. */
  static async create(
    layout: PixelLayout,
    folder: string,
    partPixelsMax: number = PART_PIXELS_MAX,
  ): Promise<ScratchParts> {
    await expectFreeSpace(folder, pictureBytes(layout));
    const rows = rowsPerPart(layout, partPixelsMax);
    const files: ScratchFile[] = [];
    try {
      for (let y = 0; y < layout.height; y += rows) {
        files.push(
          await ScratchFile.create({ ...layout, height: Math.min(rows, layout.height - y) }, folder),
        );
      }
    } catch (error) {
      for (const file of files) await file.remove();
      throw error;
    }
    return new ScratchParts(layout, rows, files);
  }

  /** The parts that `create` made, of a process that died; undefined where they are not all there in full. */
  static async reopen(
    layout: PixelLayout,
    folder: string,
    names: readonly string[],
    partPixelsMax: number = PART_PIXELS_MAX,
  ): Promise<ScratchParts | undefined> {
    const rows = rowsPerPart(layout, partPixelsMax);
    if (names.length !== Math.ceil(layout.height / rows)) return undefined;
    const files: ScratchFile[] = [];
    for (const [index, name] of names.entries()) {
      const height = Math.min(rows, layout.height - index * rows);
      const file = await ScratchFile.reopen({ ...layout, height }, folder, name);
      if (!file) {
        for (const opened of files) await opened.remove();
        return undefined;
      }
      files.push(file);
    }
    return new ScratchParts(layout, rows, files);
  }

  async sync(): Promise<void> {
    for (const file of this.files) await file.sync();
  }

  async read(at: Rect): Promise<Samples> {
    const samples = newSamples(this.layout, area(at));
    const bytes = bytesOf(samples);
    const segment = at.width * pixelBytes(this.layout);
    for (const { file, y, rows, top } of this.spans(at)) {
      bytes.set(bytesOf(await file.read(rect(at.x, y, at.width, rows))), top * segment);
    }
    return samples;
  }

  /** Whole rows, from row `y` on. */
  async writeRows(y: number, bytes: Uint8Array): Promise<void> {
    const stride = rowBytes(this.layout);
    for (const span of this.spans(rect(0, y, this.layout.width, bytes.length / stride))) {
      const part = bytes.subarray(span.top * stride, (span.top + span.rows) * stride);
      await span.file.writeRun({ x: 0, y: span.y }, part);
    }
  }

  async writeTile({ at, bytes }: Placed): Promise<void> {
    const segment = at.width * pixelBytes(this.layout);
    for (const { file, y, rows, top } of this.spans(at)) {
      for (let row = 0; row < rows; row++) {
        const from = (top + row) * segment;
        await file.writeRun({ x: at.x, y: y + row }, bytes.subarray(from, from + segment));
      }
    }
  }

  async remove(): Promise<void> {
    for (const file of this.files) await file.remove();
  }

  /** A rectangle's rows by file: `y` in the file, `top` in the rectangle. */
  private *spans(at: Rect): Generator<{ file: ScratchFile; y: number; rows: number; top: number }> {
    for (let top = 0; top < at.height;) {
      const index = Math.floor((at.y + top) / this.rowsPerPart);
      const y = at.y + top - index * this.rowsPerPart;
      const rows = Math.min(at.height - top, this.rowsPerPart - y);
      yield { file: this.files[index]!, y, rows, top };
      top += rows;
    }
  }
}

const rowsPerPart = ({ channels, width, height }: PixelLayout, partPixelsMax: number): number =>
  channels < 3 ? height : Math.min(height, Math.max(1, Math.floor(partPixelsMax / width)));
