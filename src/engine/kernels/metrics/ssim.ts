import type { Size } from '../../../shared/geometry';
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

/** The local means that SSIM is made of: of a, b, aa + bb and ab. */
const SIGNALS = 4;

/** The products whose means are wanted, for one row: a, b, aa + bb, ab, each of the row's length. */
function layOut(a: Float32Array, b: Float32Array, offset: number, into: Float64Array): void {
  const length = into.length / SIGNALS;
  for (let x = 0; x < length; x++) {
    const va = a[offset + x]!;
    const vb = b[offset + x]!;
    into[x] = va;
    into[length + x] = vb;
    into[2 * length + x] = va * va + vb * vb;
    into[3 * length + x] = va * vb;
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
 * Mean structural similarity of two pictures of one size, taken row after row from the top: samples in [0, 255], over
 * every position where the window lies inside; on a picture smaller than the window, the window is cut to the picture.
 * Holds eleven filtered rows, whatever the size.
 */
export class SimilaritySum {
  private readonly across: Float64Array;
  private readonly down: Float64Array;
  /** Positions of the window along a row. */
  private readonly width: number;
  private readonly products: Float64Array;
  private readonly ring: Float64Array;
  private readonly means: Float64Array;
  private readonly columns: Int32Array;
  private readonly rows: Int32Array;
  private row = 0;
  private similarity = 0;
  private contrast = 0;

  constructor(private readonly size: Size) {
    this.across = gaussian(Math.min(WINDOW, size.width));
    this.down = gaussian(Math.min(WINDOW, size.height));
    this.width = size.width - this.across.length + 1;
    this.products = new Float64Array(SIGNALS * size.width);
    this.ring = new Float64Array(this.down.length * SIGNALS * this.width);
    this.means = new Float64Array(SIGNALS * this.width);
    this.columns = new Int32Array(this.across.length);
    this.rows = new Int32Array(this.down.length);
  }

  /** The next row of both, which begins at `offset`. */
  add(reference: Float32Array, result: Float32Array, offset: number): void {
    const { across, down, width, products, ring, means, columns, rows } = this;
    const slot = (this.row % down.length) * means.length;
    layOut(reference, result, offset, products);
    for (let signal = 0; signal < SIGNALS; signal++) {
      for (let k = 0; k < columns.length; k++) columns[k] = signal * this.size.width + k;
      weigh(products, columns, across, ring, slot + signal * width, width);
    }
    const top = this.row - down.length + 1;
    this.row += 1;
    if (top < 0) return;
    for (let k = 0; k < rows.length; k++) rows[k] = ((top + k) % down.length) * means.length;
    weigh(ring, rows, down, means, 0, means.length);
    this.compare();
  }

  /** Once all rows were added. */
  get found(): Similarity {
    const positions = this.width * (this.size.height - this.down.length + 1);
    return { ssim: this.similarity / positions, contrast: this.contrast / positions };
  }

  private compare(): void {
    const { means, width } = this;
    let [similarity, contrast] = [0, 0];
    for (let x = 0; x < width; x++) {
      const ma = means[x]!;
      const mb = means[width + x]!;
      const squares = ma * ma + mb * mb;
      const product = ma * mb;
      const term = (2 * (means[3 * width + x]! - product) + C2) / (means[2 * width + x]! - squares + C2);
      contrast += term;
      similarity += (term * (2 * product + C1)) / (squares + C1);
    }
    this.similarity += similarity;
    this.contrast += contrast;
  }
}

/** See `SimilaritySum`, of two whole pictures. */
export function ssim(reference: Samples, result: Samples): Similarity {
  const sum = new SimilaritySum(reference);
  for (let row = 0; row < reference.height; row++) {
    sum.add(reference.values, result.values, row * reference.width);
  }
  return sum.found;
}
