import type { GradientRule } from './rule';

/** dy/dx = 1 - y^2. */
export const tanh: GradientRule = {
  saves: { output: true },
  gradient: ({ g, dy, output }) => g.mul(dy, g.sub(g.scalar(1), g.square(output()))),
};
