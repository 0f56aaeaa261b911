import { wholeAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** To every part its part. */
export const concat: GradientRule = {
  saves: {},
  gradient({ g, node, dy, dims }, k) {
    const given = wholeAttribute(node, 'axis', 0);
    const axis = given < 0 ? given + dims(0).length : given;
    let start = 0;
    for (let before = 0; before < k; before++) start += dims(before)[axis]!;
    return g.slice(dy, axis, start, start + dims(k)[axis]!);
  },
};
