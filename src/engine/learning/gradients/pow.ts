import type { GradientRule } from './rule';

/** y = x^e, dy/dx = e x^(e - 1), for an exponent that is not learned. */
export const pow: GradientRule = {
  saves: { inputs: [0, 1] },
  fixed: [1],
  broadcasts: true,
  gradient({ g, dy, input }) {
    const slope = g.op('Pow', [input(0), g.sub(input(1), g.scalar(1))]);
    return g.mul(dy, g.mul(input(1), slope));
  },
};
