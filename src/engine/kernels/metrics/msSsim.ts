import type { Samples } from './luma';
import { ssim, type Similarity } from './ssim';

/** Wang, Simoncelli, Bovik, "Multi-scale structural similarity for image quality assessment", 2003. */
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;
/** The window of SSIM must fit the smallest of the five scales. */
const SMALLEST_SIDE = 11 * 2 ** (WEIGHTS.length - 1);

/** Means of 2 x 2 pixels; an odd last row or column counts twice. */
function halved({ width, height, values }: Samples): Samples {
  const outWidth = Math.ceil(width / 2);
  const outHeight = Math.ceil(height / 2);
  const out = new Float32Array(outWidth * outHeight);
  for (let y = 0, k = 0; y < outHeight; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < outWidth; x++, k++) {
      const left = 2 * x;
      const next = Math.min(left + 1, width - 1);
      out[k] =
        (values[upper + left]! + values[upper + next]! + values[lower + left]! + values[lower + next]!) / 4;
    }
  }
  return { width: outWidth, height: outHeight, values: out };
}

/**
 * Multi-scale structural similarity of two pictures of one size, samples in [0, 255]: contrast and
 * structure at five scales, luminance at the coarsest. Null where the shorter side is under 176 pixels.
 * A negative term (pictures that are each other's negative) counts as 0. `finest`: what `ssim` gave of them.
 */
export function msSsim(
  reference: Samples,
  result: Samples,
  finest: Similarity = ssim(reference, result),
): number | null {
  if (Math.min(reference.width, reference.height) < SMALLEST_SIDE) return null;
  let [a, b] = [reference, result];
  let product = 1;
  WEIGHTS.forEach((weight, scale) => {
    if (scale > 0) [a, b] = [halved(a), halved(b)];
    const { ssim: similarity, contrast } = scale > 0 ? ssim(a, b) : finest;
    product *= Math.max(0, scale === WEIGHTS.length - 1 ? similarity : contrast) ** weight;
  });
  return product;
}
