import type { GradientRule } from './rule';

export const cos: GradientRule = {
  saves: { inputs: [0] },
  gradient: ({ g, dy, input }) => g.scaled(g.mul(dy, g.op('Sin', [input(0)])), -1),
};
