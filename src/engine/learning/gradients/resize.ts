import { axisMatrix } from './axisMatrix';
import { textAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** Nearest, linear or cubic: a linear map along each axis. */
export const resize: GradientRule = {
  saves: {},
  fixed: [1, 2, 3],
  gradient({ g, node, dy, dims, outputDims, constant }) {
    let [back, shape] = [dy, [...outputDims()]];
    dims(0).forEach((before, axis) => {
      const after = outputDims()[axis]!;
      if (
        before === after &&
        textAttribute(node, 'coordinate_transformation_mode', '') !== 'tf_crop_and_resize'
      )
        return;
      const scales = constant(2);
      const isScaled = scales !== undefined && scales.values.length > 0;
      const size = isScaled
        ? [g.floats([4], Float32Array.of(1, 1, Number(scales.values[axis]), 1))]
        : ['', g.wholes([1, 1, after, before])];
      back = g.along(back, shape, axis, axisMatrix(g, node, ['', ...size], before, after), before);
      shape = shape.with(axis, before);
    });
    return back;
  },
};
