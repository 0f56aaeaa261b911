import { textAttribute, wholeAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** The pixel shuffle: the same numbers, permuted, in either of its two orders of channels. */
export const depthToSpace: GradientRule = {
  saves: {},
  gradient({ g, node, dy, dims }) {
    const side = wholeAttribute(node, 'blocksize', 1);
    const [batch, deep, height, width] = dims(0) as [number, number, number, number];
    const squares = g.reshape(dy, [batch, deep / side ** 2, height, side, width, side]);
    const perm = textAttribute(node, 'mode', 'DCR') === 'DCR' ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
    return g.reshape(g.transpose(squares, perm), dims(0));
  },
};
