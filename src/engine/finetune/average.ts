/** The longest memory: weights of the last thousand steps or so. */
const DECAY = 0.999;

/**
 * The share of the old average at a step counted from 1: at first it forgets quickly, for it began at weights that
 * know nothing of the photos (as in Polyak and Juditsky, "Acceleration of stochastic approximation by averaging",
 * 1992, with a window that grows with the steps up to a bound).
 */
export const averageDecay = (step: number): number => Math.min(DECAY, (1 + step) / (10 + step));

/** Draws the average towards the weights, in place. */
export function addToAverage(average: Float32Array, weights: Float32Array, step: number): void {
  const kept = averageDecay(step);
  for (let k = 0; k < average.length; k++) average[k] = kept * average[k]! + (1 - kept) * weights[k]!;
}
