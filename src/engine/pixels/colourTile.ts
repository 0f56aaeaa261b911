import { MemoryLayout } from '../kernels/memoryLayout';
import type { Raster } from '../kernels/raster';
import type { Window } from '../kernels/window';
import { BLUE, GREEN, GREY_GAIN, GREY_OFFSET, RED } from './luma';
import type { Enlarging } from './enlarging';
import { layTaps, tileAxes } from './tileAxes';
import { copied, FLOAT_BYTES, kernel, TAPS, wholeVectors } from './tileKernel';

/** Whole numbers times `step`, laid where the kernel reads them. */
function layOffsets(numbers: Int32Array, step: number, buffer: ArrayBuffer, at: number): void {
  const offsets = new Int32Array(buffer, at, numbers.length);
  for (let i = 0; i < offsets.length; i++) offsets[i] = numbers[i]! * step;
}

/**
 * Luma of the output's pixels (a window of the output's grid that holds them) with the colour differences of
 * the photo, as interleaved bytes: RGB (3 bytes a pixel) or RGBA, opaque (4). Scale above 1. `into`: memory of that length
 * for them.
 *
 * The colouring of a tile in one pass, with the vector instructions of WebAssembly; the same picture as
 * `complete`'s general way, to a step of 8 bits where a value lies half way between two.
 *
 * A colour is its luma as a grey, plus what red and blue differ from that grey; green's difference follows,
 * for the three weighed as in luma add up to nothing. These differences are linear in Cb and Cr, so enlarging
 * them is enlarging Cb and Cr.
 */
export function colourTile(
  luma: Window,
  colours: Raster,
  enlarging: Enlarging,
  pixelBytes: 3 | 4,
  into?: ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  const { output } = enlarging;
  const { across, down } = tileAxes(enlarging);
  const width = wholeVectors(output.width);
  const rows = down.indices.length;
  const columns = across.indices.length;

  const { memory, differences, filterRows, joinRows } = kernel();
  const layout = new MemoryLayout();
  const starts = layout.take(width * FLOAT_BYTES);
  const weights = layout.take(width * TAPS * FLOAT_BYTES);
  const planes = layout.take(colours.data.byteLength);
  const rowStarts = layout.take(rows * FLOAT_BYTES);
  const columnStarts = layout.take(columns * FLOAT_BYTES);
  const reds = layout.take(rows * columns * FLOAT_BYTES);
  const blues = layout.take(rows * columns * FLOAT_BYTES);
  const rowBytes = width * FLOAT_BYTES;
  const filteredReds = layout.take(rows * rowBytes);
  const filteredBlues = layout.take(rows * rowBytes);
  const downStarts = layout.take(output.height * FLOAT_BYTES);
  const downWeights = layout.take(output.height * TAPS * FLOAT_BYTES);
  const lumas = layout.take(luma.pixels.data.byteLength);
  const outBytes = output.width * output.height * pixelBytes;
  const out = layout.take(outBytes);
  const buffer = layout.ensure(memory);

  const lay = (data: Float32Array | Float64Array, at: number): void =>
    new Float32Array(buffer, at, data.length).set(data);
  layTaps(across, width, buffer, { starts, weights });
  layOffsets(down.indices, colours.width * FLOAT_BYTES, buffer, rowStarts);
  layOffsets(across.indices, FLOAT_BYTES, buffer, columnStarts);
  layOffsets(down.starts, rowBytes, buffer, downStarts);
  lay(down.weights, downWeights);
  lay(colours.data, planes);
  lay(luma.pixels.data, lumas);

  const planeBytes = colours.width * colours.height * FLOAT_BYTES;
  differences(planes, planeBytes, rowStarts, rows, columnStarts, columns, RED, GREEN, BLUE, reds, blues);
  const stride = columns * FLOAT_BYTES;
  filterRows(reds, stride, rows, starts, weights, width, filteredReds);
  filterRows(blues, stride, rows, starts, weights, width, filteredBlues);
  const firstLuma = (output.y - luma.rect.y) * luma.rect.width + output.x - luma.rect.x;
  joinRows(
    lumas + firstLuma * FLOAT_BYTES,
    luma.rect.width * FLOAT_BYTES,
    output.width,
    output.height,
    filteredReds,
    filteredBlues,
    rowBytes,
    downStarts,
    downWeights,
    255 * GREY_GAIN,
    255 * GREY_OFFSET,
    -RED / GREEN,
    -BLUE / GREEN,
    out,
    pixelBytes,
  );
  return copied(new Uint8Array(buffer, out, outBytes), into);
}
