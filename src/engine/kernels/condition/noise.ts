import type { Samples } from '../metrics/samples';

/** Squares over each of which the noise is measured. */
const SIDE = 16;
/** Squares whose mean is nearer to black or white than this are clipped: what they lack says nothing. */
const CLIPPED = 6;
/** The share of squares, smoothest first, that are taken for free of texture. */
const SMOOTHEST = 0.1;
/** The mean over the smoothest tenth of squares of pure noise, as a part of its true deviation (by simulation). */
const BIAS = 0.853;

/**
 * The deviation of the noise in one square: the mask [1 -2 1; -2 4 -2; 1 -2 1] takes away what is locally a plane
 * or an edge along an axis, and weighs noise by 6.
 */
function deviation({ values, width }: Samples, left: number, top: number): number {
  let squares = 0;
  for (let y = top; y < top + SIDE; y++) {
    for (let x = left; x < left + SIDE; x++) {
      const i = y * width + x;
      const [up, down] = [i - width, i + width];
      const filtered =
        values[up - 1]! +
        values[up + 1]! +
        values[down - 1]! +
        values[down + 1]! -
        2 * (values[up]! + values[down]! + values[i - 1]! + values[i + 1]!) +
        4 * values[i]!;
      squares += filtered * filtered;
    }
  }
  return Math.sqrt(squares) / (6 * SIDE);
}

/**
 * Standard deviation of a picture's noise in steps of 8 bits, samples in [0, 255]: after Immerkaer, "Fast noise
 * variance estimation", 1996, on the smoothest tenth of the picture alone, so that texture is not counted. Noise
 * that a coder or a camera has smoothed away in flat parts is not found. Null where no square can be measured.
 */
export function noiseLevel(pieces: readonly Samples[]): number | null {
  const found: number[] = [];
  for (const piece of pieces) {
    const { width, height, values } = piece;
    for (let top = 1; top + SIDE < height; top += SIDE) {
      for (let left = 1; left + SIDE < width; left += SIDE) {
        let sum = 0;
        for (let y = top; y < top + SIDE; y++) {
          for (let x = left; x < left + SIDE; x++) sum += values[y * width + x]!;
        }
        const mean = sum / (SIDE * SIDE);
        if (mean > CLIPPED && mean < 255 - CLIPPED) found.push(deviation(piece, left, top));
      }
    }
  }
  if (found.length === 0) return null;
  found.sort((a, b) => a - b);
  const smoothest = found.slice(0, Math.max(1, Math.ceil(SMOOTHEST * found.length)));
  return smoothest.reduce((sum, one) => sum + one, 0) / smoothest.length / BIAS;
}
