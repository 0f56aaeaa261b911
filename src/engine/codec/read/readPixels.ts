import type { FileHandle } from 'node:fs/promises';
import { area, type Rect } from '../../../shared/geometry';
import {
  bytesOf,
  newSamples,
  offsetOf,
  pixelBytes,
  rowBytes,
  type PixelLayout,
  type Samples,
} from '../scratch/layout';

/** Whole rows are read and cut in memory up to this many bytes at once. */
const BLOCK_BYTES = 4 << 20;
/** Where a rectangle has less than this part of the row, its row segments are read one by one. */
const WORTH_WHOLE_ROWS = 1 / 8;
const READS_AT_ONCE = 16;

async function readFully(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) {
      throw new RangeError(`expected ${into.length} bytes at ${position} of a pixel file, found ${done}`);
    }
    done += bytesRead;
  }
}

/** An open file with pixels of a layout from byte `origin` on. */
export interface PixelFile {
  readonly file: FileHandle;
  readonly layout: PixelLayout;
  readonly origin: number;
}

/** The interleaved samples of a rectangle inside it: positioned reads of just the rows it needs. */
export async function readPixels(from: PixelFile, at: Rect): Promise<Samples> {
  const { file, layout, origin } = from;
  const samples = newSamples(layout, area(at));
  const bytes = bytesOf(samples);
  const segment = at.width * pixelBytes(layout);
  const stride = rowBytes(layout);
  if (segment === stride) {
    await readFully(file, bytes, origin + offsetOf(layout, at));
  } else if (segment >= stride * WORTH_WHOLE_ROWS || stride * at.height <= BLOCK_BYTES) {
    await readBlocks(from, at, bytes);
  } else {
    await readSegments(from, at, bytes);
  }
  return samples;
}

async function readBlocks({ file, layout, origin }: PixelFile, at: Rect, into: Uint8Array): Promise<void> {
  const segment = at.width * pixelBytes(layout);
  const stride = rowBytes(layout);
  const rowsAtOnce = Math.max(1, Math.floor(BLOCK_BYTES / stride));
  for (let y = 0; y < at.height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, at.height - y);
    // From the first pixel wanted to the last, not beyond: those behind may not be written yet.
    const block = Buffer.allocUnsafe((rows - 1) * stride + segment);
    await readFully(file, block, origin + offsetOf(layout, { x: at.x, y: at.y + y }));
    for (let row = 0; row < rows; row++) {
      into.set(block.subarray(row * stride, row * stride + segment), (y + row) * segment);
    }
  }
}

async function readSegments({ file, layout, origin }: PixelFile, at: Rect, into: Uint8Array): Promise<void> {
  const segment = at.width * pixelBytes(layout);
  for (let y = 0; y < at.height; y += READS_AT_ONCE) {
    const rows = Math.min(READS_AT_ONCE, at.height - y);
    await Promise.all(
      Array.from({ length: rows }, (_, row) =>
        readFully(
          file,
          into.subarray((y + row) * segment, (y + row + 1) * segment),
          origin + offsetOf(layout, { x: at.x, y: at.y + y + row }),
        ),
      ),
    );
  }
}
