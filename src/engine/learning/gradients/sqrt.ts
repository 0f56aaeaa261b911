import type { GradientRule } from './rule';

/** dy/dx = 1 / (2 y). */
export const sqrt: GradientRule = {
  saves: { output: true },
  gradient: ({ g, dy, output }) => g.div(g.scaled(dy, 0.5), output()),
};
