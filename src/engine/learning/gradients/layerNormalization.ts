import { floatAttribute, wholeAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/**
 * y = n scale + bias with n = (x - mean) / sqrt(variance + epsilon) over the last axes (Ba, Kiros and Hinton,
 * "Layer normalization", 2016). With d = dy scale: dx = (d - mean(d) - n mean(d n)) / sqrt(variance + epsilon).
 */
export const layerNormalization: GradientRule = {
  saves: { inputs: [0, 1] },
  parameters: [1, 2],
  broadcasts: true,
  gradient({ g, node, dy, input, dims }, k) {
    if (k === 2) return dy;
    const rank = dims(0).length;
    const given = wholeAttribute(node, 'axis', -1);
    const first = given < 0 ? given + rank : given;
    const axes = dims(0).flatMap((_, axis) => (axis >= first ? [axis] : []));
    const mean = (value: string): string => g.reduce('ReduceMean', value, axes, true);
    const centred = g.sub(input(0), mean(input(0)));
    const variance = mean(g.square(centred));
    const deviation = g.op('Sqrt', [g.add(variance, g.scalar(floatAttribute(node, 'epsilon', 1e-5)))]);
    const normal = g.div(centred, deviation);
    if (k === 1) return g.mul(dy, normal);
    const d = g.mul(dy, input(1));
    return g.div(g.sub(g.sub(d, mean(d)), g.mul(normal, mean(g.mul(d, normal)))), deviation);
  },
};
