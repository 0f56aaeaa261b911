import type { GradientRule } from './rule';

/** y = 1 / x, dy/dx = -y^2. */
export const reciprocal: GradientRule = {
  saves: { output: true },
  gradient: ({ g, dy, output }) => g.scaled(g.mul(dy, g.square(output())), -1),
};
