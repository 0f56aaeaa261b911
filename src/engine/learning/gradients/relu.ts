import type { GradientRule } from './rule';

/** y = max(x, 0). */
export const relu: GradientRule = {
  saves: { output: true },
  gradient: ({ g, dy, output }) => g.where(g.isPositive(output()), dy, g.scalar(0)),
};
