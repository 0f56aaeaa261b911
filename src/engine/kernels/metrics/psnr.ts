/** What stands in means and tables for the infinite ratio, in dB, of a picture that came back exactly. */
export const IDENTICAL_DB = 100;

/** The ratio in dB of a sum of squared differences of so many samples in [0, 255]; null where all are equal (infinite). */
export const psnrOf = (squares: number, count: number): number | null =>
  squares === 0 ? null : 10 * Math.log10((255 * 255 * count) / squares);

/**
 * The sum of squared differences of samples taken part by part, and its peak signal-to-noise ratio in dB for samples
 * in [0, 255]: 10 log10(255^2 / mean squared difference). Both of a pair must be of one length.
 */
export class ErrorSum {
  private sum = 0;
  private count = 0;

  add(reference: Float32Array, result: Float32Array): void {
    let sum = 0;
    for (let i = 0; i < reference.length; i++) {
      const difference = reference[i]! - result[i]!;
      sum += difference * difference;
    }
    this.sum += sum;
    this.count += reference.length;
  }

  /** Null where all are equal (infinite). */
  get psnr(): number | null {
    return psnrOf(this.sum, this.count);
  }
}

/** The ratio of `ErrorSum` of samples of one length, 1 or more, at once. */
export function psnr(reference: Float32Array, result: Float32Array): number | null {
  const sum = new ErrorSum();
  sum.add(reference, result);
  return sum.psnr;
}
