import { numbersOf, wholeAttribute } from '../../onnx/staticGraph';
import { selected } from './selected';
import type { GradientRule } from './rule';

/** Indices that are constants, of any shape: it takes the place of the axis. */
export const gather: GradientRule = {
  saves: {},
  fixed: [1],
  gradient({ g, node, dy, dims, constant }) {
    const source = dims(0);
    const given = wholeAttribute(node, 'axis', 0);
    const axis = given < 0 ? given + source.length : given;
    const size = source[axis]!;
    const at = numbersOf(constant(1)!).map((index) => (index < 0 ? index + size : index));
    const shape = source.with(axis, at.length);
    return selected(g, g.reshape(dy, shape), shape, axis, at, size);
  },
};
