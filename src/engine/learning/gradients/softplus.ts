import type { GradientRule } from './rule';

/** y = log(1 + e^x), dy/dx = sigmoid(x). */
export const softplus: GradientRule = {
  saves: { inputs: [0] },
  gradient: ({ g, dy, input }) => g.mul(dy, g.op('Sigmoid', [input(0)])),
};
