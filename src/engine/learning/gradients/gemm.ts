import { floatAttribute, wholeAttribute } from '../../onnx/staticGraph';
import type { GradientRule } from './rule';

/** Y = alpha A' B' + beta C, where ' is a transposition or none. */
export const gemm: GradientRule = {
  saves: { inputs: [0, 1] },
  parameters: [1, 2],
  gradient({ g, node, dy, input, dims, outputDims }, k) {
    const [transA, transB] = [wholeAttribute(node, 'transA', 0), wholeAttribute(node, 'transB', 0)];
    if (k === 2) return g.sumTo(g.scaled(dy, floatAttribute(node, 'beta', 1)), outputDims(), dims(2));
    const product = (left: string, right: string, leftTurned: number, rightTurned: number): string =>
      g.op('Gemm', [left, right], {
        alpha: { float: floatAttribute(node, 'alpha', 1) },
        transA: leftTurned,
        transB: rightTurned,
      });
    if (k === 0) return transA ? product(input(1), dy, transB, 1) : product(dy, input(1), 0, 1 - transB);
    return transB ? product(dy, input(0), 1, transA) : product(input(0), dy, 1 - transA, 0);
  },
};
