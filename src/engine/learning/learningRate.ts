export interface RateSchedule {
  /** The highest rate, reached at the end of the warm-up. */
  readonly peak: number;
  /** Steps in which it rises in a straight line from 0. */
  readonly warmUpSteps: number;
  /** Steps after which it has fallen to `floor` times the peak, along half a cosine. */
  readonly steps: number;
  readonly floor: number;
}

/** The rate of a step, counted from 1 (the cosine of Loshchilov and Hutter, "SGDR", 2017, without restarts). */
export function rateAt({ peak, warmUpSteps, steps, floor }: RateSchedule, step: number): number {
  if (step <= warmUpSteps) return (peak * step) / warmUpSteps;
  const progress = Math.min(1, (step - warmUpSteps) / Math.max(1, steps - warmUpSteps));
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
