import { floatAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** y = x above 0, alpha x below. */
export const leakyRelu: GradientRule = {
  saves: { inputs: [0] },
  gradient: ({ g, node, dy, input }) =>
    g.where(g.isPositive(input(0)), dy, g.scaled(dy, floatAttribute(node, 'alpha', 0.01))),
};
