import type { Size } from '../../../shared/geometry';
import { CutWindowRows } from './ssimCutWindow';
import { WindowRows } from './ssimWindow';
import type { Samples } from './samples';

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

/**
 * Mean structural similarity of two pictures of one size, taken row after row from the top: samples in [0, 255], over
 * every position where the window lies inside; on a picture smaller than the window, the window is cut to the picture.
 * Holds eleven filtered rows, whatever the size.
 */
export class SimilaritySum {
  private readonly rows: CutWindowRows | WindowRows;
  private readonly positions: number;

  constructor(size: Size) {
    const isSmall = size.width < WINDOW || size.height < WINDOW;
    const across = gaussian(Math.min(WINDOW, size.width));
    const down = gaussian(Math.min(WINDOW, size.height));
    this.rows = isSmall
      ? new CutWindowRows(size.width, across, down, C1, C2)
      : new WindowRows(size.width, across, C1, C2);
    this.positions = (size.width - across.length + 1) * (size.height - down.length + 1);
  }

  /** The next row of both, which begins at `offset`. */
  add(reference: Float32Array, result: Float32Array, offset: number): void {
    this.rows.add(reference, result, offset);
  }

  /** Once all rows were added. */
  get found(): Similarity {
    const { similarity, contrast } = this.rows;
    return { ssim: similarity / this.positions, contrast: contrast / this.positions };
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
