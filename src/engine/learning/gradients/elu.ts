import { floatAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** y = x above 0, alpha (e^x - 1) below, whose derivative is y + alpha. */
export const elu: GradientRule = {
  saves: { output: true },
  gradient({ g, node, dy, output }) {
    const slope = g.add(output(), g.scalar(floatAttribute(node, 'alpha', 1)));
    return g.where(g.isPositive(output()), dy, g.mul(dy, slope));
  },
};
