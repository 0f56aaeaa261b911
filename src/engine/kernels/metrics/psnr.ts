/**
 * Peak signal-to-noise ratio in dB of samples in [0, 255]: 10 log10(255^2 / mean squared difference).
 * Null where all are equal (infinite). Both must be of the same length, 1 or more.
 */
export function psnr(reference: Float32Array, result: Float32Array): number | null {
  let sum = 0;
  for (let i = 0; i < reference.length; i++) {
    const difference = reference[i]! - result[i]!;
    sum += difference * difference;
  }
  return sum === 0 ? null : 10 * Math.log10((255 * 255 * reference.length) / sum);
}
