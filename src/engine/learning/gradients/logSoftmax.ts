import type { GradientRule } from './rule';
import { softmaxAxes } from './softmax';

/** dx = dy - e^y sum(dy). */
export const logSoftmax: GradientRule = {
  saves: { output: true },
  gradient(backward) {
    const { g, dy, output } = backward;
    const sum = g.reduce('ReduceSum', dy, softmaxAxes(backward), true);
    return g.sub(dy, g.mul(g.op('Exp', [output()]), sum));
  },
};
