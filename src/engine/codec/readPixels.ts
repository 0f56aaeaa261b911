import type { FileHandle } from 'node:fs/promises';
import { area, type Rect } from '../../shared/geometry';
import {
  HEADER_BYTES,
  newSamples,
  offsetOf,
  pixelBytes,
  rowBytes,
  type PixelLayout,
  type Samples,
} from './vipsFile';

/** Whole rows are read and cut in memory up to this many bytes at once. */
const BLOCK_BYTES = 4 << 20;
/** Where a rectangle has less than this part of the row, its row segments are read one by one. */
const WORTH_WHOLE_ROWS = 1 / 8;
const READS_AT_ONCE = 16;

const bytesOf = (samples: Samples): Uint8Array<ArrayBuffer> =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

async function readFully(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) {
      throw new RangeError(`expected ${into.length} bytes at ${position} of a pixel file, found ${done}`);
    }
    done += bytesRead;
  }
}

/** The interleaved samples of a rectangle inside a .v file: positioned reads of the rows it needs. */
export async function readPixels(file: FileHandle, layout: PixelLayout, at: Rect): Promise<Samples> {
  const samples = newSamples(layout, area(at));
  const bytes = bytesOf(samples);
  const segment = at.width * pixelBytes(layout);
  const stride = rowBytes(layout);
  if (segment === stride) {
    await readFully(file, bytes, offsetOf(layout, at));
  } else if (segment >= stride * WORTH_WHOLE_ROWS || stride * at.height <= BLOCK_BYTES / 4) {
    await readBlocks(file, layout, at, bytes, segment);
  } else {
    await readSegments(file, layout, at, bytes, segment);
  }
  return samples;
}

async function readBlocks(
  file: FileHandle,
  layout: PixelLayout,
  at: Rect,
  into: Uint8Array,
  segment: number,
): Promise<void> {
  const stride = rowBytes(layout);
  const rowsAtOnce = Math.max(1, Math.floor(BLOCK_BYTES / stride));
  const left = at.x * pixelBytes(layout);
  for (let y = 0; y < at.height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, at.height - y);
    // From the first pixel wanted to the last, not beyond: those behind may not be written yet.
    const block = Buffer.allocUnsafe((rows - 1) * stride + segment);
    await readFully(file, block, HEADER_BYTES + (at.y + y) * stride + left);
    for (let row = 0; row < rows; row++) {
      into.set(block.subarray(row * stride, row * stride + segment), (y + row) * segment);
    }
  }
}

async function readSegments(
  file: FileHandle,
  layout: PixelLayout,
  at: Rect,
  into: Uint8Array,
  segment: number,
): Promise<void> {
  for (let y = 0; y < at.height; y += READS_AT_ONCE) {
    const rows = Math.min(READS_AT_ONCE, at.height - y);
    await Promise.all(
      Array.from({ length: rows }, (_, row) =>
        readFully(
          file,
          into.subarray((y + row) * segment, (y + row + 1) * segment),
          offsetOf(layout, { x: at.x, y: at.y + y + row }),
        ),
      ),
    );
  }
}
