import { axesOf, widened } from './reduction';
import type { GradientRule } from './rule';

/** All of the gradient goes to the largest; several that are equal share it, as in PyTorch's amax. */
export const reduceMax: GradientRule = {
  saves: { inputs: [0], output: true },
  fixed: [1],
  gradient(backward) {
    const { g, dy, input, output } = backward;
    const isLargest = g.op('Equal', [input(0), widened(backward, output())]);
    const share = g.where(isLargest, g.scalar(1), g.scalar(0));
    const many = g.reduce('ReduceSum', share, axesOf(backward), true);
    return g.mul(g.div(widened(backward, dy), many), share);
  },
};
