import type { GradientRule } from './rule';

/** dy/dx = 2 / sqrt(pi) e^(-x^2). */
export const erf: GradientRule = {
  saves: { inputs: [0] },
  gradient({ g, dy, input }) {
    const bell = g.op('Exp', [g.scaled(g.square(input(0)), -1)]);
    return g.mul(dy, g.scaled(bell, 2 / Math.sqrt(Math.PI)));
  },
};
