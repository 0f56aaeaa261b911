import { wholeAttribute } from '../../onnx/staticGraph';
import type { Backward, GradientRule } from './rule';

/** Before version 13 of ONNX all axes from `axis` on were one. */
export function softmaxAxes({ g, node, dims }: Backward): number[] {
  const rank = dims(0).length;
  const given = wholeAttribute(node, 'axis', g.opset < 13 ? 1 : -1);
  const axis = given < 0 ? given + rank : given;
  return g.opset < 13 ? dims(0).flatMap((_, k) => (k >= axis ? [k] : [])) : [axis];
}

/** dx = y (dy - sum(y dy)). */
export const softmax: GradientRule = {
  saves: { output: true },
  gradient(backward) {
    const { g, dy, output } = backward;
    const common = g.reduce('ReduceSum', g.mul(dy, output()), softmaxAxes(backward), true);
    return g.mul(output(), g.sub(dy, common));
  },
};
