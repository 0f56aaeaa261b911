import type { GradientRule } from './rule';

/** dy/dx = 1 / x. */
export const log: GradientRule = {
  saves: { inputs: [0] },
  gradient: ({ g, dy, input }) => g.div(dy, input(0)),
};
