import { wholeAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** The parts' gradients one after the other; zeros for a part that nothing depends on. */
export const split: GradientRule = {
  saves: {},
  fixed: [1],
  gradient({ g, node, dyOf, outputDims }) {
    const parts = node.outputs.map((_, k) => {
      const zeros = (): string => g.op('Expand', [g.scalar(0), g.wholes(outputDims(k))]);
      return dyOf(k) ?? zeros();
    });
    return g.op('Concat', parts, { axis: wholeAttribute(node, 'axis', 0) });
  },
};
