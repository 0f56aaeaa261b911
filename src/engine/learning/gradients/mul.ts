import type { GradientRule } from './rule';

export const mul: GradientRule = {
  saves: { inputs: [0, 1] },
  broadcasts: true,
  gradient: ({ g, dy, input }, k) => g.mul(dy, input(1 - k)),
};
