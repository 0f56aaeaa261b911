import { floatAttribute } from '../../onnx/staticGraph';
import type { Backward, GradientRule } from './rule';

/** One number a channel, to broadcast against [N, C, ...]. */
const channelwise = ({ g, dims }: Backward, value: string): string =>
  g.reshape(value, [
    dims(0)[1]!,
    ...dims(0)
      .slice(2)
      .map(() => 1),
  ]);

/** y = (x - mean) / sqrt(variance + epsilon) scale + bias by statistics that are given and stay as they are. */
export const batchNormalization: GradientRule = {
  saves: { inputs: [0, 1, 3, 4] },
  fixed: [3, 4],
  parameters: [1, 2],
  gradient(backward, k) {
    const { g, node, dy, input, dims } = backward;
    const perChannel = (value: string): string =>
      g.reduce(
        'ReduceSum',
        value,
        [
          0,
          ...dims(0)
            .slice(2)
            .map((_, axis) => axis + 2),
        ],
        false,
      );
    if (k === 2) return perChannel(dy);
    const deviation = g.op('Sqrt', [g.add(input(4), g.scalar(floatAttribute(node, 'epsilon', 1e-5)))]);
    if (k === 0) return g.mul(dy, channelwise(backward, g.div(input(1), deviation)));
    const centred = g.sub(input(0), channelwise(backward, input(3)));
    return perChannel(g.mul(dy, g.div(centred, channelwise(backward, deviation))));
  },
};
