/** Lanczos' approximation of the gamma function for arguments above 0, to 1e-13 of its value. */
const LANCZOS_G = 7;
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

export function gamma(x: number): number {
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const shifted = x - 1;
  const t = shifted + LANCZOS_G + 0.5;
  const series = LANCZOS.reduce((sum, c, k) => sum + (k === 0 ? c : c / (shifted + k)), 0);
  return Math.sqrt(2 * Math.PI) * t ** (shifted + 0.5) * Math.exp(-t) * series;
}

/** The shapes that are tried, as the method's authors have them: 0.2 to 10 in thousandths. */
const SHAPES = 9801;
const shapeAt = (k: number): number => 0.2 + k / 1000;
/** The generalised Gaussian ratio of each shape; it grows with the shape, so that a fit is a search. */
const RATIOS = Float64Array.from({ length: SHAPES }, (_, k) => {
  const inverse = 1 / shapeAt(k);
  return gamma(2 * inverse) ** 2 / (gamma(inverse) * gamma(3 * inverse));
});

function nearestShape(ratio: number): number {
  let [low, high] = [0, SHAPES - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (RATIOS[middle]! <= ratio) low = middle;
    else high = middle;
  }
  return shapeAt(Math.abs(RATIOS[low]! - ratio) <= Math.abs(RATIOS[high]! - ratio) ? low : high);
}

/** An asymmetric generalised Gaussian distribution. */
export interface AsymmetricGaussian {
  readonly shape: number;
  /** Widths of the negative and of the positive side. */
  readonly left: number;
  readonly right: number;
  readonly mean: number;
}

/**
 * Fits one to values by their moments (Lasmar, Stitou, Berthoumieu, 2009). NaN in every field where there are no
 * negative or no positive values, as the method has it: such a block counts for nothing.
 */
export function fitAsymmetricGaussian(values: Float64Array): AsymmetricGaussian {
  let [negative, positive, below, above, absolute] = [0, 0, 0, 0, 0];
  for (const value of values) {
    absolute += Math.abs(value);
    if (value < 0) {
      negative += value * value;
      below += 1;
    } else if (value > 0) {
      positive += value * value;
      above += 1;
    }
  }
  const leftDeviation = Math.sqrt(negative / below);
  const rightDeviation = Math.sqrt(positive / above);
  const skew = leftDeviation / rightDeviation;
  const ratio = (absolute / values.length) ** 2 / ((negative + positive) / values.length);
  const shape = nearestShape((ratio * (skew ** 3 + 1) * (skew + 1)) / (skew ** 2 + 1) ** 2);
  const width = Math.sqrt(gamma(1 / shape) / gamma(3 / shape));
  const [left, right] = [leftDeviation * width, rightDeviation * width];
  if (!Number.isFinite(left + right + skew)) return { shape: NaN, left: NaN, right: NaN, mean: NaN };
  return { shape, left, right, mean: ((right - left) * gamma(2 / shape)) / gamma(1 / shape) };
}
