import { attributesOf, geometryOf } from './convolutionGeometry';
import { kernelGradient } from './kernelGradient';
import type { GradientRule } from './rule';

/** The adjoint of a Conv, so that its gradient to the input is that Conv. */
export const convTranspose: GradientRule = {
  saves: { inputs: [0, 1] },
  parameters: [1, 2],
  gradient({ g, node, dy, input, dims, outputDims }, k) {
    if (k === 2)
      return g.reduce(
        'ReduceSum',
        dy,
        [
          0,
          ...outputDims()
            .slice(2)
            .map((_, axis) => axis + 2),
        ],
        false,
      );
    const geometry = geometryOf(node, dims(1), outputDims(), dims(0));
    if (k === 0) return g.op('Conv', [dy, input(1)], attributesOf(geometry));
    return kernelGradient(g, { name: dy, dims: outputDims() }, { name: input(0), dims: dims(0) }, geometry);
  },
};
