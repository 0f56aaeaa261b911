import type { Size } from '../../../shared/geometry';
import type { Samples } from './samples';
import { SimilaritySum, type Similarity } from './ssim';

/** Wang, Simoncelli, Bovik, "Multi-scale structural similarity for image quality assessment", 2003. */
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;
/** The window of SSIM must fit the smallest of the five scales. */
const SMALLEST_SIDE = 11 * 2 ** (WEIGHTS.length - 1);

/** A row of `from` and the one below it, halved: means of 2 x 2 pixels; an odd last column counts twice. */
function halveRows(upper: Float32Array, lower: Float32Array, into: Float32Array): void {
  for (let x = 0; x < into.length; x++) {
    const left = 2 * x;
    const next = Math.min(left + 1, upper.length - 1);
    into[x] = (upper[left]! + upper[next]! + lower[left]! + lower[next]!) / 4;
  }
}

/** One scale: its similarity, and the row that waits for the one below it. */
class Scale {
  readonly sum: SimilaritySum;
  private readonly upper: readonly [Float32Array, Float32Array];
  private readonly halves: readonly [Float32Array, Float32Array];
  private rows = 0;

  constructor(
    private readonly size: Size,
    private readonly coarser: Scale | undefined,
  ) {
    this.sum = new SimilaritySum(size);
    const half = Math.ceil(size.width / 2);
    this.upper = [new Float32Array(size.width), new Float32Array(size.width)];
    this.halves = [new Float32Array(half), new Float32Array(half)];
  }

  get width(): number {
    return this.size.width;
  }

  add(reference: Float32Array, result: Float32Array): void {
    this.sum.add(reference, result, 0);
    this.rows += 1;
    const { coarser, upper, halves } = this;
    if (!coarser) return;
    const isUpper = this.rows % 2 === 1;
    if (isUpper) [reference, result].forEach((row, k) => upper[k]!.set(row));
    // An odd last row counts twice.
    if (isUpper && this.rows < this.size.height) return;
    [reference, result].forEach((row, k) => halveRows(upper[k]!, row, halves[k]!));
    coarser.add(halves[0], halves[1]);
  }
}

/** Multi-scale structural similarity of two pictures of one size, taken row after row; see `msSsim`. */
export class MultiScaleSum {
  private readonly scales: Scale[] = [];

  constructor(size: Size) {
    const sizes = WEIGHTS.map((_, k) => ({
      width: Math.ceil(size.width / 2 ** k),
      height: Math.ceil(size.height / 2 ** k),
    }));
    for (const one of sizes.reverse()) this.scales.unshift(new Scale(one, this.scales[0]));
  }

  /** The next row of both, which begins at `offset`. */
  add(reference: Float32Array, result: Float32Array, offset: number): void {
    const { width } = this;
    this.scales[0]!.add(reference.subarray(offset, offset + width), result.subarray(offset, offset + width));
  }

  /** Of the finest scale: single-scale similarity. */
  get finest(): Similarity {
    return this.scales[0]!.sum.found;
  }

  get found(): number {
    return WEIGHTS.reduce((product, weight, k) => {
      const { ssim, contrast } = this.scales[k]!.sum.found;
      return product * Math.max(0, k === WEIGHTS.length - 1 ? ssim : contrast) ** weight;
    }, 1);
  }

  private get width(): number {
    return this.scales[0]!.width;
  }
}

/** Whether the five scales can be measured: the shorter side has 176 pixels or more. */
export const hasFiveScales = ({ width, height }: Size): boolean => Math.min(width, height) >= SMALLEST_SIDE;

/**
 * Multi-scale structural similarity of two pictures of one size, samples in [0, 255]: contrast and
 * structure at five scales, luminance at the coarsest. Null where the shorter side is under 176 pixels.
 * A negative term (pictures that are each other's negative) counts as 0.
 */
export function msSsim(reference: Samples, result: Samples): number | null {
  if (!hasFiveScales(reference)) return null;
  const sum = new MultiScaleSum(reference);
  for (let row = 0; row < reference.height; row++) {
    sum.add(reference.values, result.values, row * reference.width);
  }
  return sum.found;
}
