import type { GradientRule } from './rule';

export const sin: GradientRule = {
  saves: { inputs: [0] },
  gradient: ({ g, dy, input }) => g.mul(dy, g.op('Cos', [input(0)])),
};
