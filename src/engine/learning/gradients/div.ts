import type { GradientRule } from './rule';

/** y = a / b: dy/da = 1 / b, dy/db = -a / b^2. */
export const div: GradientRule = {
  saves: { inputs: [0, 1] },
  broadcasts: true,
  gradient({ g, dy, input }, k) {
    const overB = g.div(dy, input(1));
    return k === 0 ? overB : g.scaled(g.mul(overB, g.div(input(0), input(1))), -1);
  },
};
