import { wholesAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** Back by the inverse permutation. */
export const transpose: GradientRule = {
  saves: {},
  gradient({ g, node, dy, dims }) {
    const perm = wholesAttribute(node, 'perm') ?? dims(0).map((_, k) => dims(0).length - 1 - k);
    return g.transpose(
      dy,
      perm.map((_, k) => perm.indexOf(k)),
    );
  },
};
