import { raster, type Raster } from '../raster';
import { axisWeights, mirrored, type AxisWeights } from './weights';

/** One axis resized: `length` entries lie `stride` apart, `lines` of them; result rounded to 8 bits. */
interface Pass {
  readonly weights: AxisWeights;
  readonly sourceLength: number;
}

const pass = (sourceLength: number, length: number, scale: number): Pass => ({
  weights: axisWeights('bicubic', scale, 0, length),
  sourceLength,
});

/** Rows of `width` pixels each to rows of the pass's length. */
function alongRows(source: Uint8ClampedArray, width: number, { weights }: Pass): Uint8ClampedArray {
  const { taps, starts, weights: w } = weights;
  const rows = source.length / width;
  const outWidth = starts.length;
  const out = new Uint8ClampedArray(rows * outWidth);
  const before = Math.max(0, -starts[0]!);
  const after = Math.max(0, starts[outWidth - 1]! + taps - width);
  const line = new Float64Array(before + width + after);
  const columns = Int32Array.from(line, (_, k) => mirrored(k - before, width));
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < line.length; k++) line[k] = source[row * width + columns[k]!]!;
    for (let i = 0, k = 0; i < outWidth; i++) {
      let sum = 0;
      for (let t = 0, s = starts[i]! + before; t < taps; t++, s++, k++) sum += w[k]! * line[s]!;
      out[row * outWidth + i] = Math.floor(sum + 0.5);
    }
  }
  return out;
}

/** A plane's columns of `height` pixels each to columns of the pass's length. */
function downColumns(
  source: Uint8ClampedArray,
  width: number,
  { weights, sourceLength }: Pass,
): Uint8ClampedArray {
  const { taps, starts, weights: w } = weights;
  const out = new Uint8ClampedArray(starts.length * width);
  const sums = new Float64Array(width);
  for (let y = 0; y < starts.length; y++) {
    sums.fill(0.5);
    for (let t = 0; t < taps; t++) {
      const weight = w[y * taps + t]!;
      const row = mirrored(starts[y]! + t, sourceLength) * width;
      for (let x = 0; x < width; x++) sums[x]! += weight * source[row + x]!;
    }
    for (let x = 0; x < width; x++) out[y * width + x] = Math.floor(sums[x]!);
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
  const vertical = pass(height, outHeight, scale);
  const horizontal = pass(width, outWidth, scale);
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
