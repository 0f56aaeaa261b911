import { wholeAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** The inverse of the pixel shuffle in its order DCR. */
export const spaceToDepth: GradientRule = {
  saves: {},
  gradient({ g, node, dy, dims }) {
    const side = wholeAttribute(node, 'blocksize', 1);
    const [batch, channels, height, width] = dims(0) as [number, number, number, number];
    const deep = g.reshape(dy, [batch, side, side, channels, height / side, width / side]);
    return g.reshape(g.transpose(deep, [0, 3, 4, 1, 5, 2]), dims(0));
  },
};
