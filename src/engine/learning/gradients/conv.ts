import { attributesOf, geometryOf, mirroredPads, type Geometry } from './convolutionGeometry';
import { kernelGradient } from './kernelGradient';
import type { Backward, GradientRule } from './rule';

/** Kernels turned by 180 degrees, with the channels that come in and go out exchanged. */
function turned({ g, input, dims }: Backward, { group, kernel, taps }: Geometry): string {
  const [outputs, inputs] = [dims(1)[0]!, dims(1)[1]!];
  const flat = g.reshape(input(1), [group, outputs / group, inputs, taps]);
  const backwards = g.wholes(Array.from({ length: taps }, (_, k) => taps - 1 - k));
  const flipped = taps === 1 ? flat : g.op('Gather', [flat, backwards], { axis: 3 });
  return g.reshape(g.transpose(flipped, [0, 2, 1, 3]), [group * inputs, outputs / group, ...kernel]);
}

/** The gradient to the input: a convolution with the turned kernels, or for strides a transposed one. */
function inputGradient(backward: Backward, geometry: Geometry): string {
  const { g, dy, input, dims, outputDims } = backward;
  const pads = mirroredPads(geometry);
  if (pads) return g.op('Conv', [dy, turned(backward, geometry)], attributesOf({ ...geometry, pads }));
  const { kernel, strides, dilations } = geometry;
  const rest = kernel.map((size, k) => {
    const reached = strides[k]! * (outputDims()[k + 2]! - 1) + dilations[k]! * (size - 1) + 1;
    return dims(0)[k + 2]! + geometry.pads[k]![0] + geometry.pads[k]![1] - reached;
  });
  return g.op('ConvTranspose', [dy, input(1)], { ...attributesOf(geometry), output_padding: rest });
}

/** Y = W * X + b. */
export const conv: GradientRule = {
  saves: { inputs: [0, 1] },
  parameters: [1, 2],
  gradient(backward, k) {
    const { g, node, dy, input, dims, outputDims } = backward;
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
    const geometry = geometryOf(node, dims(1), dims(0), outputDims());
    if (k === 0) return inputGradient(backward, geometry);
    return kernelGradient(g, { name: input(0), dims: dims(0) }, { name: dy, dims: outputDims() }, geometry);
  },
};
