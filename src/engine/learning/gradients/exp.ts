import type { GradientRule } from './rule';

/** dy/dx = y. */
export const exp: GradientRule = {
  saves: { output: true },
  gradient: ({ g, dy, output }) => g.mul(dy, output()),
};
