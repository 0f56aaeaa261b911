import { raster, type Raster } from '../raster';
import { resolveAxis, type Axis } from './axis';
import { filterRow } from './rowFilters';
import { axisWeights } from './weights';

/** A whole axis of `length` pixels, resized to `outLength`. */
const wholeAxis = (length: number, outLength: number, scale: number, name: string): Axis =>
  resolveAxis(axisWeights('bicubic', scale, 0, outLength), length, 0, length, name);

/** Sums into a plane of 8 bits: halves up, clipped. */
function store(sums: Float64Array, out: Uint8ClampedArray, offset: number): void {
  for (let i = 0; i < sums.length; i++) out[offset + i] = Math.floor(sums[i]! + 0.5);
}

/** Every row of a plane, `width` pixels each, resized. */
function alongRows(source: Uint8ClampedArray, width: number, axis: Axis): Uint8ClampedArray {
  const rows = source.length / width;
  const sums = new Float64Array(axis.starts.length);
  const out = new Uint8ClampedArray(rows * sums.length);
  const line = new Float64Array(axis.indices.length);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < line.length; k++) line[k] = source[row * width + axis.indices[k]!]!;
    filterRow(line, axis, sums, 0);
    store(sums, out, row * sums.length);
  }
  return out;
}

/** Every column of a plane of rows of `width` pixels resized. */
function downColumns(source: Uint8ClampedArray, width: number, axis: Axis): Uint8ClampedArray {
  const { taps, starts, weights, indices } = axis;
  const out = new Uint8ClampedArray(starts.length * width);
  const sums = new Float64Array(width);
  for (let y = 0; y < starts.length; y++) {
    sums.fill(0);
    for (let t = 0; t < taps; t++) {
      const weight = weights[y * taps + t]!;
      const row = indices[starts[y]! + t]! * width;
      for (let x = 0; x < width; x++) sums[x]! += weight * source[row + x]!;
    }
    store(sums, out, y * width);
  }
  return out;
}

/**
 * MATLAB's `imresize(picture, scale)` for 8-bit pictures: bicubic, antialiased when reducing, rounded and
 * clipped to 8 bits after each of its two passes (columns first, as MATLAB does for equal scales).
 * The reference of every published comparison; photographs are enlarged by `resample`, which does not round.
 *
 * `picture` holds values n / 255 (others are rounded to them), any number of channels; so does the result,
 * of ceil(width * scale) x ceil(height * scale) pixels. `scale` is above 0.
 */
export function imresize8(picture: Raster, scale: number): Raster {
  if (!(scale > 0)) throw new RangeError(`imresize8 expects a scale above 0, received ${scale}`);
  const { width, height, channels } = picture;
  const outWidth = Math.ceil(width * scale - 1e-9);
  const outHeight = Math.ceil(height * scale - 1e-9);
  const vertical = wholeAxis(height, outHeight, scale, 'row');
  const horizontal = wholeAxis(width, outWidth, scale, 'column');
  const result = raster(outWidth, outHeight, channels);
  for (let c = 0; c < channels; c++) {
    const plane = new Uint8ClampedArray(width * height);
    for (let i = 0; i < plane.length; i++) plane[i] = Math.round(picture.data[c * plane.length + i]! * 255);
    const resized = alongRows(downColumns(plane, width, vertical), width, horizontal);
    const offset = c * resized.length;
    for (let i = 0; i < resized.length; i++) result.data[offset + i] = resized[i]! / 255;
  }
  return result;
}
