import { bottom, rect, type Rect, type Size } from '../../../shared/geometry';
import { raster, type Raster } from '../raster';
import { resample } from '../resample/resample';
import type { Window } from '../window';
import { fitAsymmetricGaussian } from './gammaFit';
import type { Samples } from './samples';

/** Squares of the finer scale; each gives one vector of features. */
const BLOCK = 96;
const SCALES = 2;
/** Rows above and below a row of blocks that its features look at: the window at the coarser scale, and the bicubic. */
const MARGIN = 16;
/** A window of 7 x 7 with sigma 7/6. */
const WINDOW = 7;
const SIGMA = 7 / 6;
/** Neighbours whose products are looked at: right, below, and the two diagonals; block edges wrap around. */
const NEIGHBOURS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1, -1],
] as const;
export const NIQE_FEATURES = SCALES * (2 + 4 * NEIGHBOURS.length);

/** What natural pictures have: mean and covariance of the features. */
export interface NaturalModel {
  readonly mean: ArrayLike<number>;
  /** NIQE_FEATURES rows of as many. */
  readonly covariance: ArrayLike<number>;
}

const WEIGHTS = ((): Float64Array => {
  const weights = Float64Array.from({ length: WINDOW }, (_, k) =>
    Math.exp(-((k - 3) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
})();

/** Means under the window, edges repeated. */
function windowMeans(values: Float64Array, width: number, height: number): Float64Array {
  const rows = new Float64Array(values.length);
  const means = new Float64Array(values.length);
  const reach = (WINDOW - 1) / 2;
  const clamped = (at: number, length: number): number => Math.min(length - 1, Math.max(0, at));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      for (let k = 0; k < WINDOW; k++)
        rows[i]! += WEIGHTS[k]! * values[y * width + clamped(x + k - reach, width)]!;
    }
  }
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      for (let k = 0; k < WINDOW; k++)
        means[i]! += WEIGHTS[k]! * rows[clamped(y + k - reach, height) * width + x]!;
    }
  }
  return means;
}

/** Luminance less its local mean over its local deviation and 1. */
function normalised(values: Float64Array, width: number, height: number): Float64Array {
  const means = windowMeans(values, width, height);
  const squares = windowMeans(
    values.map((value) => value * value),
    width,
    height,
  );
  return values.map(
    (value, i) => (value - means[i]!) / (Math.sqrt(Math.abs(squares[i]! - means[i]! ** 2)) + 1),
  );
}

function featuresOf(block: Float64Array, side: number): number[] {
  const own = fitAsymmetricGaussian(block);
  const features = [own.shape, (own.left + own.right) / 2];
  const products = new Float64Array(block.length);
  for (const [down, across] of NEIGHBOURS) {
    for (let y = 0, i = 0; y < side; y++) {
      for (let x = 0; x < side; x++, i++) {
        const there = ((y - down + side) % side) * side + ((x - across + side) % side);
        products[i] = block[i]! * block[there]!;
      }
    }
    const { shape, mean, left, right } = fitAsymmetricGaussian(products);
    features.push(shape, mean, left, right);
  }
  return features;
}

/** The feature vectors of one row of blocks at one scale, left to right; `top` is its first row in `values`. */
function rowOfBlocks(values: Float64Array, width: number, top: number, side: number): number[][] {
  const block = new Float64Array(side * side);
  return Array.from({ length: width / side }, (_, column) => {
    for (let y = 0; y < side; y++) {
      const from = (top + y) * width + column * side;
      block.set(values.subarray(from, from + side), y * side);
    }
    return featuresOf(block, side);
  });
}

/** The part of a picture that counts: whole blocks. */
export const niqePart = ({ width, height }: Size): Size => ({
  width: width - (width % BLOCK),
  height: height - (height % BLOCK),
});

/** The rows of blocks of a picture, and for each what must be read of it. */
export function niqeRows(picture: Size): Rect<'source'>[] {
  const { width, height } = niqePart(picture);
  return Array.from({ length: height / BLOCK }, (_, row) => {
    const from = Math.max(0, row * BLOCK - MARGIN);
    return rect<'source'>(0, from, width, Math.min(height, (row + 1) * BLOCK + MARGIN) - from);
  });
}

/** The feature vectors of one row of blocks, from its luma with margins as `niqeRows` asks for. */
export function niqeFeatures(
  { rect: read, pixels }: Window<'source'>,
  row: number,
  picture: Size,
): number[][] {
  const part = niqePart(picture);
  const own = (from: Rect, scale: number): number => (row * BLOCK) / scale - from.y;
  const finer = normalised(Float64Array.from(pixels.data), read.width, read.height);
  const fine = rowOfBlocks(finer, read.width, own(read, 1), BLOCK);
  // Half of the rows, as far as their bicubic lies inside what was read.
  const reach = 4;
  const from = Math.ceil((read.y + (read.y > 0 ? reach : 0)) / 2);
  const to = Math.floor((bottom(read) - (bottom(read) < part.height ? reach : 0)) / 2);
  const half = rect<'output'>(0, from, read.width / 2, to - from);
  const coarse = resample(pixels, read, part, 0.5, half, 'bicubic');
  const coarser = normalised(Float64Array.from(coarse.data), half.width, half.height);
  return rowOfBlocks(coarser, half.width, own(half, 2), BLOCK / 2).map((vector, k) => [
    ...fine[k]!,
    ...vector,
  ]);
}

/** x of matrix x = b, the matrix symmetric and positive definite (by Cholesky); rows of `size`. */
function solved(matrix: Float64Array, b: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / lower[j * size + j]!;
    }
  }
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * size + k]! * x[k]!;
    x[i]! /= lower[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= lower[k * size + i]! * x[k]!;
    x[i]! /= lower[i * size + i]!;
  }
  return x;
}

/** Mean over the vectors that have each feature; covariance over those that have all. */
function statisticsOf(vectors: readonly number[][]): { mean: Float64Array; covariance: Float64Array } {
  const mean = Float64Array.from({ length: NIQE_FEATURES }, (_, k) => {
    const there = vectors.map((vector) => vector[k]!).filter((value) => !Number.isNaN(value));
    return there.reduce((sum, value) => sum + value, 0) / there.length;
  });
  const whole = vectors.filter((vector) => !vector.some(Number.isNaN));
  const centre = mean.map((_, k) => whole.reduce((sum, vector) => sum + vector[k]!, 0) / whole.length);
  const covariance = new Float64Array(NIQE_FEATURES * NIQE_FEATURES);
  for (let i = 0; i < NIQE_FEATURES; i++) {
    for (let j = 0; j < NIQE_FEATURES; j++) {
      const sum = whole.reduce(
        (total, vector) => total + (vector[i]! - centre[i]!) * (vector[j]! - centre[j]!),
        0,
      );
      covariance[i * NIQE_FEATURES + j] = sum / (whole.length - 1);
    }
  }
  return { mean, covariance };
}

/**
 * The natural image quality evaluator (Mittal, Soundararajan, Bovik, "Making a completely blind image quality
 * analyzer", 2013): how far the features of a picture's blocks are from those of natural pictures, without a
 * reference; lower is more natural. Null where fewer than two blocks can be measured.
 */
export function niqeScore(vectors: readonly number[][], natural: NaturalModel): number | null {
  if (vectors.filter((vector) => !vector.some(Number.isNaN)).length < 2) return null;
  const { mean, covariance } = statisticsOf(vectors);
  const between = covariance.map((value, k) => (value + natural.covariance[k]!) / 2);
  const gap = mean.map((value, k) => natural.mean[k]! - value);
  const pulled = solved(between, gap, NIQE_FEATURES);
  return Math.sqrt(gap.reduce((sum, value, k) => sum + value * pulled[k]!, 0));
}

/** See `niqeScore`, of luma in [0, 255] (BT.601, 16 to 235); rows and columns beyond whole blocks are left out. */
export function niqe(luma: Samples, natural: NaturalModel): number | null {
  const vectors = niqeRows(luma).flatMap((read, row) =>
    niqeFeatures({ rect: read, pixels: lumaPart(luma, read) }, row, luma),
  );
  return niqeScore(vectors, natural);
}

/** A part of luma that begins at the left edge, as a raster. */
function lumaPart({ width, values }: Samples, part: Rect): Raster {
  const cut = raster(part.width, part.height, 1);
  for (let y = 0; y < part.height; y++) {
    const from = (part.y + y) * width + part.x;
    cut.data.set(values.subarray(from, from + part.width), y * part.width);
  }
  return cut;
}
