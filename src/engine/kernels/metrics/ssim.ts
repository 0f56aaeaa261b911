import type { Samples } from './luma';

/**
 * Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural
 * similarity", 2004: 11 x 11 Gaussian window with sigma 1.5, K1 = 0.01, K2 = 0.03, L = 255.
 */
const WINDOW = 11;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Means over all window positions. */
export interface Similarity {
  readonly ssim: number;
  /** The contrast and structure term alone, of which MS-SSIM is made. */
  readonly contrast: number;
}

function gaussian(length: number): Float64Array {
  const weights = Float64Array.from({ length }, (_, k) =>
    Math.exp(-((k - (length - 1) / 2) ** 2) / (2 * SIGMA * SIGMA)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** The local means that SSIM is made of: of a, b, aa, bb and ab. */
const SIGNALS = 5;

/** The products whose means are wanted, for one row: a, b, aa, bb, ab, each of the row's length. */
function layOut(a: Float32Array, b: Float32Array, offset: number, into: Float64Array): void {
  const length = into.length / SIGNALS;
  for (let x = 0; x < length; x++) {
    const va = a[offset + x]!;
    const vb = b[offset + x]!;
    into[x] = va;
    into[length + x] = vb;
    into[2 * length + x] = va * va;
    into[3 * length + x] = vb * vb;
    into[4 * length + x] = va * vb;
  }
}

/**
 * `count` weighted sums of entries `offsets[k] + i` of `from`, i = 0 ... count - 1. The window is
 * symmetric, so its two halves share their multiplications; of its full length it is unrolled.
 */
function weigh(
  from: Float64Array,
  offsets: Int32Array,
  window: Float64Array,
  into: Float64Array,
  at: number,
  count: number,
): void {
  if (window.length !== WINDOW) {
    into.fill(0, at, at + count);
    for (let k = 0; k < window.length; k++) {
      for (let i = 0; i < count; i++) into[at + i]! += window[k]! * from[offsets[k]! + i]!;
    }
    return;
  }
  const [a, b, c, d, e, f] = [offsets[0]!, offsets[1]!, offsets[2]!, offsets[3]!, offsets[4]!, offsets[5]!];
  const [g, h, j, k, l] = [offsets[6]!, offsets[7]!, offsets[8]!, offsets[9]!, offsets[10]!];
  const [wa, wb, wc, wd, we, wf] = [window[0]!, window[1]!, window[2]!, window[3]!, window[4]!, window[5]!];
  for (let i = 0; i < count; i++) {
    into[at + i] =
      wa * (from[a + i]! + from[l + i]!) +
      wb * (from[b + i]! + from[k + i]!) +
      wc * (from[c + i]! + from[j + i]!) +
      wd * (from[d + i]! + from[h + i]!) +
      we * (from[e + i]! + from[g + i]!) +
      wf * from[f + i]!;
  }
}

/**
 * Mean structural similarity of two pictures of one size, samples in [0, 255], over every position where
 * the window lies inside; on a picture smaller than the window, the window is cut to the picture.
 * Holds eleven filtered rows, whatever the size.
 */
export function ssim(reference: Samples, result: Samples): Similarity {
  const across = gaussian(Math.min(WINDOW, reference.width));
  const down = gaussian(Math.min(WINDOW, reference.height));
  const width = reference.width - across.length + 1;
  const height = reference.height - down.length + 1;
  const products = new Float64Array(SIGNALS * reference.width);
  const ring = new Float64Array(down.length * SIGNALS * width);
  const means = new Float64Array(SIGNALS * width);
  const columns = new Int32Array(across.length);
  const rows = new Int32Array(down.length);
  let similarity = 0;
  let contrast = 0;
  for (let row = 0; row < reference.height; row++) {
    const slot = (row % down.length) * means.length;
    layOut(reference.values, result.values, row * reference.width, products);
    for (let signal = 0; signal < SIGNALS; signal++) {
      for (let k = 0; k < columns.length; k++) columns[k] = signal * reference.width + k;
      weigh(products, columns, across, ring, slot + signal * width, width);
    }
    const top = row - down.length + 1;
    if (top < 0) continue;
    for (let k = 0; k < rows.length; k++) rows[k] = ((top + k) % down.length) * means.length;
    weigh(ring, rows, down, means, 0, means.length);
    for (let x = 0; x < width; x++) {
      const ma = means[x]!;
      const mb = means[width + x]!;
      const varianceA = means[2 * width + x]! - ma * ma;
      const varianceB = means[3 * width + x]! - mb * mb;
      const covariance = means[4 * width + x]! - ma * mb;
      const term = (2 * covariance + C2) / (varianceA + varianceB + C2);
      contrast += term;
      similarity += (term * (2 * ma * mb + C1)) / (ma * ma + mb * mb + C1);
    }
  }
  return { ssim: similarity / (width * height), contrast: contrast / (width * height) };
}
