import { axisMatrix } from './axisMatrix';
import { numbersOf, textAttribute, wholesAttribute } from '../../onnx/staticGraph';
import type { Backward, GradientRule } from './rule';

/** How much was added before and after every axis. */
function padsOf({ node, dims, constant }: Backward): (readonly [number, number])[] {
  const given = constant(1);
  const pads = given ? numbersOf(given) : wholesAttribute(node, 'pads')!;
  const named = constant(3);
  const rank = dims(0).length;
  const axes = named
    ? numbersOf(named).map((axis) => (axis < 0 ? axis + rank : axis))
    : dims(0).map((_, k) => k);
  return dims(0).map((_, axis) => {
    const k = axes.indexOf(axis);
    return k < 0 ? [0, 0] : [pads[k]!, pads[k + axes.length]!];
  });
}

/** Padding with a constant is cut off again; with the picture itself (reflect, edge) it goes back to where it came from. */
export const pad: GradientRule = {
  saves: {},
  fixed: [1, 2, 3],
  gradient(backward) {
    const { g, node, dy, dims, outputDims } = backward;
    const isConstant = textAttribute(node, 'mode', 'constant') === 'constant';
    let [back, shape] = [dy, [...outputDims()]];
    padsOf(backward).forEach(([before, after], axis) => {
      const size = dims(0)[axis]!;
      if (before === 0 && after === 0) return;
      if (isConstant && before >= 0 && after >= 0) {
        back = g.slice(back, axis, before, before + size);
      } else {
        const pads = g.wholes([0, 0, before, 0, 0, 0, after, 0]);
        back = g.along(back, shape, axis, axisMatrix(g, node, [pads], size, shape[axis]!), size);
      }
      shape = shape.with(axis, size);
    });
    return back;
  },
};
