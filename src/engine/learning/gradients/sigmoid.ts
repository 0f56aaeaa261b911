import type { GradientRule } from './rule';

/** y = 1 / (1 + e^-x), dy/dx = y (1 - y). */
export const sigmoid: GradientRule = {
  saves: { output: true },
  gradient: ({ g, dy, output }) => g.mul(dy, g.mul(output(), g.sub(g.scalar(1), output()))),
};
