import type { GradientRule } from './rule';

/** y = x above 0, slope x below; the slope is learned, one a channel. */
export const pRelu: GradientRule = {
  saves: { inputs: [0, 1] },
  parameters: [1],
  broadcasts: true,
  gradient({ g, dy, input }, k) {
    const above = g.isPositive(input(0));
    return k === 0
      ? g.where(above, dy, g.mul(dy, input(1)))
      : g.where(above, g.scalar(0), g.mul(dy, input(0)));
  },
};
