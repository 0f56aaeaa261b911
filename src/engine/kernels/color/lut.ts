import { plane, type Raster } from '../raster';

/** A colour transform sampled on a grid of `size` points an axis, 2 or more. */
export interface ColourTable {
  readonly size: number;
  /** size^3 RGB triples, red slowest and blue fastest, nominally in [0, 1]. */
  readonly data: Float32Array;
}

/**
 * Puts the colours of `picture` (3 channels, or 4 with alpha, which is left alone) through the table, in
 * place; colours outside [0, 1] are clipped first. Between grid points: tetrahedral interpolation
 * (Sakamoto and Itooka, US patent 4275413, 1981), which keeps greys on the table's grey axis.
 * Throws RangeError for other channel counts and for a table of the wrong length.
 */
export function applyTable(picture: Raster, { size, data }: ColourTable): void {
  if (picture.channels < 3) {
    throw new RangeError(`applyTable expects RGB or RGB + alpha, received ${picture.channels} channels`);
  }
  if (size < 2 || data.length !== 3 * size ** 3) {
    throw new RangeError(
      `a colour table of ${size} points an axis has ${3 * size ** 3} values, received ${data.length}`,
    );
  }
  const [reds, greens, blues] = [plane(picture, 0), plane(picture, 1), plane(picture, 2)];
  const top = size - 1;
  const [stepR, stepG, stepB] = [3 * size * size, 3 * size, 3];
  for (let i = 0; i < reds.length; i++) {
    const r = Math.min(1, Math.max(0, reds[i]!)) * top;
    const g = Math.min(1, Math.max(0, greens[i]!)) * top;
    const b = Math.min(1, Math.max(0, blues[i]!)) * top;
    const r0 = Math.min(top - 1, Math.floor(r));
    const g0 = Math.min(top - 1, Math.floor(g));
    const b0 = Math.min(top - 1, Math.floor(b));
    const fr = r - r0;
    const fg = g - g0;
    const fb = b - b0;
    // From the cell's darkest corner to its brightest, along the axes in the order of their fractions.
    let first = stepR;
    let second = stepG;
    let high = fr;
    let mid = fg;
    let low = fb;
    if (fr >= fg) {
      if (fb > fr) {
        first = stepB;
        second = stepR;
        high = fb;
        mid = fr;
        low = fg;
      } else if (fb > fg) {
        second = stepB;
        mid = fb;
        low = fg;
      }
    } else if (fb > fg) {
      first = stepB;
      high = fb;
      low = fr;
    } else {
      first = stepG;
      high = fg;
      second = fb > fr ? stepB : stepR;
      mid = Math.max(fb, fr);
      low = Math.min(fb, fr);
    }
    const v0 = r0 * stepR + g0 * stepG + b0 * stepB;
    const v1 = v0 + first;
    const v2 = v1 + second;
    const v3 = v0 + stepR + stepG + stepB;
    const w0 = 1 - high;
    const w1 = high - mid;
    const w2 = mid - low;
    const w3 = low;
    reds[i] = w0 * data[v0]! + w1 * data[v1]! + w2 * data[v2]! + w3 * data[v3]!;
    greens[i] = w0 * data[v0 + 1]! + w1 * data[v1 + 1]! + w2 * data[v2 + 1]! + w3 * data[v3 + 1]!;
    blues[i] = w0 * data[v0 + 2]! + w1 * data[v1 + 2]! + w2 * data[v2 + 2]! + w3 * data[v3 + 2]!;
  }
}
