import { deviationOf, meanOf } from './statistics';

/** A figure of a sample with the interval that holds the true one with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  /** Null where a sample is too small to tell: of scores fewer than two. */
  readonly low: number | null;
  readonly high: number | null;
  /** Answers that it is made of. */
  readonly n: number;
}

const CONFIDENCE = 0.95;
/** The normal distribution's quantile of 0.975. */
export const NORMAL_975 = 1.959963984540054;

/**
 * The share of Student's t distribution between -t and t, for whole degrees of freedom: the finite sums of Abramowitz,
 * Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.
 */
export function studentShare(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/** The t that holds a share of Student's distribution between -t and t; by halving, to 1e-12 of it. */
export function studentQuantile(share: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentShare(high, freedom) < share) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (studentShare(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The mean opinion score of scores from 1 to 5 (ITU-T P.910, absolute category rating) with Student's t interval; it is
 * not cut where it leaves the scale. Null of none.
 */
export function meanOpinion(scores: readonly number[]): Estimate | null {
  if (scores.length === 0) return null;
  const value = meanOf(scores);
  const deviation = deviationOf(scores);
  if (deviation === null) return { value, low: null, high: null, n: 1 };
  const half = (studentQuantile(CONFIDENCE, scores.length - 1) * deviation) / Math.sqrt(scores.length);
  return { value, low: value - half, high: value + half, n: scores.length };
}

/**
 * The share of comparisons that were won, 0 to 1, with the interval of Wilson, "Probable inference, the law of
 * succession, and statistical inference", 1927. A draw is half a win. Null of none.
 */
export function winShare(wins: number, n: number): Estimate | null {
  if (n === 0) return null;
  const value = wins / n;
  const weight = 1 + (NORMAL_975 * NORMAL_975) / n;
  const middle = (value + (NORMAL_975 * NORMAL_975) / (2 * n)) / weight;
  const half =
    (NORMAL_975 * Math.sqrt((value * (1 - value)) / n + (NORMAL_975 * NORMAL_975) / (4 * n * n))) / weight;
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half), n };
}
