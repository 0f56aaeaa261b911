import { MemoryLayout } from '../kernels/memoryLayout';
import { plane, type Raster } from '../kernels/raster';
import type { Axis } from '../kernels/resample/axis';
import type { Enlarging } from './enlarging';
import type { PixelRows } from './pixelRows';
import { layTaps, rowWeights, tileAxes, type RowWeights } from './tileAxes';
import { copied, FLOAT_BYTES, kernel, TAPS, wholeVectors } from './tileKernel';

const COLOURS = 3;
/** Weights of a row where nothing is added. */
const NOTHING: RowWeights = [0, 0, 0, 0];

/** The pixels of every tap of a colour, in steps of 8 bits. */
function fillSamples(
  values: Float32Array,
  width: number,
  across: Axis,
  down: Axis,
  into: Float32Array,
): void {
  const { indices: columns } = across;
  const { indices: rows } = down;
  for (let y = 0, k = 0; y < rows.length; y++) {
    const row = rows[y]! * width;
    for (let x = 0; x < columns.length; x++, k++) into[k] = 255 * values[row + columns[x]!]!;
  }
}

/**
 * A tile of a network that makes colours, as interleaved bytes: RGB (3 bytes a pixel) or RGBA, opaque (4). `made`: the
 * output's pixels; `base`: what they are less than the picture, the bicubic enlargement of the photo's `colours`, which
 * is added. Scale above 1. `into`: memory of the result's length for it. The same picture as the general way, to a step of 8 bits where a value lies half way between
 * two.
 */
export function baseTile(
  made: PixelRows,
  base: { readonly colours: Raster } | undefined,
  enlarging: Enlarging,
  pixelBytes: 3 | 4,
  into?: ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  const { output } = enlarging;
  const width = wholeVectors(output.width);
  const rowBytes = width * FLOAT_BYTES;
  const axes = base && tileAxes(enlarging);
  const rows = axes?.down.indices.length ?? TAPS;
  const columns = axes?.across.indices.length ?? 0;

  const { memory, filterRows, joinColours } = kernel();
  const layout = new MemoryLayout();
  const starts = layout.take(width * FLOAT_BYTES);
  const weights = layout.take(width * TAPS * FLOAT_BYTES);
  const samples = layout.take(rows * columns * FLOAT_BYTES);
  const basePlane = rows * rowBytes;
  const filtered = layout.take(COLOURS * basePlane);
  made.reserve(layout);
  const outBytes = output.width * output.height * pixelBytes;
  const out = layout.take(outBytes);
  const buffer = layout.ensure(memory);
  const floats = (start: number, length: number): Float32Array => new Float32Array(buffer, start, length);

  if (base && axes) {
    const { across, down } = axes;
    layTaps(across, width, buffer, { starts, weights });
    for (let c = 0; c < COLOURS; c++) {
      fillSamples(plane(base.colours, c), base.colours.width, across, down, floats(samples, rows * columns));
      filterRows(samples, columns * FLOAT_BYTES, rows, starts, weights, width, filtered + c * basePlane);
    }
  } else {
    floats(filtered, (COLOURS * basePlane) / FLOAT_BYTES).fill(0);
  }
  made.begin(buffer);

  for (let y = 0; y < output.height; y++) {
    joinColours(
      made.at(y),
      made.planeBytes,
      output.width,
      filtered + (axes ? axes.down.starts[y]! * rowBytes : 0),
      basePlane,
      rowBytes,
      ...(axes ? rowWeights(axes.down, y) : NOTHING),
      out + y * output.width * pixelBytes,
      pixelBytes,
    );
  }
  return copied(new Uint8Array(buffer, out, outBytes), into);
}
