import { colourChannels, type Raster } from '../raster';
import { BLOCK, type BlockGrid } from './blockGrid';
import { codedLuma } from './luma';

/** The luma table of the JPEG standard (ITU-T T.81, K.1), row by row, of quality 50 in the IJG's scale. */
const STANDARD = [
  [16, 11, 10, 16, 24],
  [12, 12, 14, 19, 26],
  [14, 13, 16, 24, 40],
  [14, 17, 22, 29, 51],
  [18, 22, 37, 56, 68],
] as const;

/** Frequencies [across, down] whose steps are looked for: the lowest have the most coefficients that are not 0. */
const FREQUENCIES = [
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
  [3, 0],
  [2, 1],
  [1, 2],
  [0, 3],
  [2, 2],
  [3, 1],
  [1, 3],
] as const;

const BLOCKS_MAX = 4096;
const STEP_MAX = 160;
/** Of a coefficient around its multiple: what rounding to 8 bits leaves, with some room. */
const SPREAD = 0.4;
/** Coefficients that clipping or a second rounding threw anywhere. */
const OUTLIERS = 0.03;
/** A step is believed from so many coefficients on, */
const COEFFICIENTS_MIN = 12;
/** and a mean gain in log likelihood over no step at all; a picture that was never coded has below 0. */
const GAIN_MIN = 0.35;
/** Of the frequencies that have enough coefficients, this part must have a step. */
const AGREEING = 0.6;

/** The step of a frequency at a quality of the IJG's scale, 1 to 100. */
function standardStep(across: number, down: number, quality: number): number {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Math.min(255, Math.max(1, Math.floor((STANDARD[down]![across]! * scale + 50) / 100)));
}

/** One row of the orthonormal DCT-II of length 8. */
const basis = (frequency: number): Float64Array =>
  Float64Array.from(
    { length: BLOCK },
    (_, x) =>
      Math.cos(((2 * x + 1) * frequency * Math.PI) / (2 * BLOCK)) * Math.sqrt((frequency ? 2 : 1) / BLOCK),
  );
const BASES = Array.from({ length: 4 }, (_, frequency) => basis(frequency));

/** Whether a colour of the block whose first pixel is `at` was clipped to black or white: its luma is not as coded. */
function isClipped({ data, width, height, channels }: Raster, at: number): boolean {
  const colours = colourChannels({ channels });
  for (let c = 0; c < colours; c++) {
    for (let y = 0; y < BLOCK; y++) {
      const from = c * width * height + at + y * width;
      for (let i = from; i < from + BLOCK; i++) if (data[i]! <= 0 || data[i]! >= 1) return true;
    }
  }
  return false;
}

/** Where the whole blocks of a piece begin. */
function cornersOf({ width, height }: Raster, { x: left, y: top }: BlockGrid): number[] {
  const columns = Math.max(0, Math.floor((width - left) / BLOCK));
  const rows = Math.max(0, Math.floor((height - top) / BLOCK));
  return Array.from(
    { length: columns * rows },
    (_, k) => (top + Math.floor(k / columns) * BLOCK) * width + left + (k % columns) * BLOCK,
  );
}

/** Coefficients of every frequency of FREQUENCIES over the whole blocks of the pieces, at most BLOCKS_MAX of them. */
function coefficientsOf(pieces: readonly Raster[], grid: BlockGrid): Float64Array[] {
  const corners = pieces.flatMap((of) => {
    const piece = codedLuma(of);
    return cornersOf(of, grid)
      .filter((at) => !isClipped(of, at))
      .map((at) => ({ piece, at }));
  });
  const stride = Math.max(1, Math.ceil(corners.length / BLOCKS_MAX));
  const chosen = corners.filter((_, k) => k % stride === 0);
  const found = FREQUENCIES.map(() => new Float64Array(chosen.length));
  const across = BASES.map(() => new Float64Array(BLOCK));
  chosen.forEach(({ piece: { values, width }, at }, block) => {
    BASES.forEach((weights, frequency) => {
      for (let y = 0; y < BLOCK; y++) {
        let sum = 0;
        for (let x = 0; x < BLOCK; x++) sum += weights[x]! * values[at + y * width + x]!;
        across[frequency]![y] = sum;
      }
    });
    FREQUENCIES.forEach(([u, w], k) => {
      let sum = 0;
      for (let y = 0; y < BLOCK; y++) sum += BASES[w]![y]! * across[u]![y]!;
      found[k]![block] = sum;
    });
  });
  return found;
}

/**
 * The quantisation step of one frequency's coefficients: the one under which they are likeliest, each being normal
 * around a multiple, against being anywhere. Coefficients that the step makes 0 say nothing about it.
 * 1: none, though there were coefficients enough; undefined where there are too few to tell.
 */
function stepOf(coefficients: Float64Array): number | undefined {
  if (coefficients.filter((c) => Math.abs(c) > 1.5).length < COEFFICIENTS_MIN) return undefined;
  const peak = 1 / (SPREAD * Math.sqrt(2 * Math.PI));
  let best = { step: 1, gain: 0 };
  for (let step = 2; step <= STEP_MAX; step++) {
    let gain = 0;
    let count = 0;
    for (const c of coefficients) {
      const multiple = Math.round(c / step);
      if (multiple === 0) continue;
      const off = (c - step * multiple) / SPREAD;
      gain += Math.log((1 - OUTLIERS) * step * peak * Math.exp((-off * off) / 2) + OUTLIERS);
      count += 1;
    }
    if (count >= COEFFICIENTS_MIN && gain / count > GAIN_MIN && gain > best.gain) best = { step, gain };
  }
  return best.step;
}

/**
 * The quality (1 to 100, of the Independent JPEG Group's scale) with which a picture was last coded as JPEG, from
 * what is left of its quantisation in its pixels; null where nothing is: never coded, of a quality so high (about
 * 95) that rounding hides it, or resized since. Tables of other makers count as the nearest standard one.
 */
export function jpegQuality(pieces: readonly Raster[], grid: BlockGrid): number | null {
  const steps = coefficientsOf(pieces, grid).map(stepOf);
  const told = steps.flatMap((step, k) => (step === undefined ? [] : [{ step, at: FREQUENCIES[k]! }]));
  const found = told.filter(({ step }) => step > 1);
  if (found.length < 2 || found.length < AGREEING * told.length) return null;
  let best = { quality: 100, misfit: Infinity };
  for (let quality = 1; quality <= 100; quality++) {
    const misfit = found.reduce(
      (sum, { step, at: [u, w] }) => sum + Math.abs(Math.log(step / standardStep(u, w, quality))),
      0,
    );
    if (misfit < best.misfit) best = { quality, misfit };
  }
  return best.quality;
}
