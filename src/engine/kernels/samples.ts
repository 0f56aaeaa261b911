import { rect, type Rect, type Size } from '../../shared/geometry';

/**
 * Samples of a picture, which stand for it where a mean over all of it is wanted: with means of 53 squares of 32 pixels what
 * RCAN makes of photographs is less than a step of 8 bits off (docs/performance.md).
 */
const SAMPLES = 53;
export const SAMPLE_SIDE = 32;

/** Coprime to their number: how many columns further the sample of the next row is (a rank-1 lattice). */
const GENERATOR = 33;

/** Where a sample around a middle begins: within the picture, or as far beyond it on both sides where that is narrower. */
function startAround(middle: number, length: number): number {
  const start = Math.round(middle - SAMPLE_SIDE / 2);
  const last = length - SAMPLE_SIDE;
  return last < 0 ? Math.round(last / 2) : Math.min(last, Math.max(0, start));
}

/** The k-th of numbers in [0, 1) without a period, of which multiples of `by` would have one in some pictures. */
const scattered = (k: number, by: number): number => ((k + 0.5) ** 2 * by) % 1;

/**
 * Squares evenly over a picture, each in a row and in a column of its own of `SAMPLES` by `SAMPLES`, somewhere in its
 * place. A regular grid of samples is blind to what repeats in its own period: on a picture made for that RCAN was 30
 * steps off by it, and 0.8 by these.
 */
export const samplesOf = ({ width, height }: Size): Rect[] =>
  Array.from({ length: SAMPLES }, (_, k) => {
    const [row, column] = [k, (k * GENERATOR) % SAMPLES];
    const x = startAround(((column + scattered(k, Math.sqrt(3))) * width) / SAMPLES, width);
    const y = startAround(((row + scattered(k, Math.SQRT2)) * height) / SAMPLES, height);
    return rect(x, y, SAMPLE_SIDE, SAMPLE_SIDE);
  });
