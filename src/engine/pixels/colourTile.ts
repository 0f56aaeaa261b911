import { MemoryLayout } from '../kernels/memoryLayout';
import type { Raster } from '../kernels/raster';
import { plane } from '../kernels/raster';
import type { Axis } from '../kernels/resample/axis';
import type { Window } from '../kernels/window';
import { BLUE, GREEN, GREY_GAIN, GREY_OFFSET, RED } from './luma';
import type { Enlarging } from './enlarging';
import { layTaps, rowWeights, tileAxes } from './tileAxes';
import { copied, FLOAT_BYTES, kernel, TAPS, wholeVectors } from './tileKernel';

/** Red and blue of every tap's pixel, less the grey of its luma, in steps of 8 bits. */
function fillDifferences(
  colours: Raster,
  { indices: columns }: Axis,
  { indices: rows }: Axis,
  reds: Float32Array,
  blues: Float32Array,
): void {
  const [red, green, blue] = [plane(colours, 0), plane(colours, 1), plane(colours, 2)];
  for (let y = 0, k = 0; y < rows.length; y++) {
    const row = rows[y]! * colours.width;
    for (let x = 0; x < columns.length; x++, k++) {
      const i = row + columns[x]!;
      const grey = RED * red[i]! + GREEN * green[i]! + BLUE * blue[i]!;
      reds[k] = 255 * (red[i]! - grey);
      blues[k] = 255 * (blue[i]! - grey);
    }
  }
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

  const { memory, filterRows, joinRow } = kernel();
  const layout = new MemoryLayout();
  const starts = layout.take(width * FLOAT_BYTES);
  const weights = layout.take(width * TAPS * FLOAT_BYTES);
  const reds = layout.take(rows * columns * FLOAT_BYTES);
  const blues = layout.take(rows * columns * FLOAT_BYTES);
  const rowBytes = width * FLOAT_BYTES;
  const filteredReds = layout.take(rows * rowBytes);
  const filteredBlues = layout.take(rows * rowBytes);
  const lumas = layout.take(luma.pixels.data.byteLength);
  const outBytes = output.width * output.height * pixelBytes;
  const out = layout.take(outBytes);
  const buffer = layout.ensure(memory);

  const floats = (start: number, length: number): Float32Array => new Float32Array(buffer, start, length);
  layTaps(across, width, buffer, { starts, weights });
  const samples = rows * columns;
  fillDifferences(colours, across, down, floats(reds, samples), floats(blues, samples));
  floats(lumas, luma.pixels.data.length).set(luma.pixels.data);

  const stride = columns * FLOAT_BYTES;
  filterRows(reds, stride, rows, starts, weights, width, filteredReds);
  filterRows(blues, stride, rows, starts, weights, width, filteredBlues);
  for (let y = 0; y < output.height; y++) {
    const lumaRow = (output.y - luma.rect.y + y) * luma.rect.width + output.x - luma.rect.x;
    const first = down.starts[y]! * rowBytes;
    joinRow(
      lumas + lumaRow * FLOAT_BYTES,
      output.width,
      filteredReds + first,
      filteredBlues + first,
      rowBytes,
      ...rowWeights(down, y),
      255 * GREY_GAIN,
      255 * GREY_OFFSET,
      -RED / GREEN,
      -BLUE / GREEN,
      out + y * output.width * pixelBytes,
      pixelBytes,
    );
  }
  return copied(new Uint8Array(buffer, out, outBytes), into);
}
