import { countOf } from '../../onnx/graph';
import type { Backward, GradientRule } from './rule';

/** The last two axes exchanged. */
function transposed({ g }: Backward, value: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, k) => k);
  return g.transpose(value, [...perm.slice(0, -2), rank - 1, rank - 2]);
}

/** Y = A B, both of two axes at least; those before them are broadcast. dA = dY B^T, dB = A^T dY. */
export const matMul: GradientRule = {
  saves: { inputs: [0, 1] },
  parameters: [0, 1],
  gradient(backward, k) {
    const { g, dy, input, dims, outputDims } = backward;
    const [a, b, y] = [dims(0), dims(1), outputDims()];
    if (k === 0) {
      const result = g.matMul(dy, transposed(backward, input(1), b.length));
      return g.sumTo(result, [...y.slice(0, -1), a.at(-1)!], a);
    }
    if (b.length === 2) {
      // One matrix for all: their rows are one long list of rows, and nothing is summed afterwards.
      const rows = countOf(a.slice(0, -1));
      const [flatA, flatY] = [g.reshape(input(0), [rows, b[0]!]), g.reshape(dy, [rows, b[1]!])];
      return g.matMul(g.transpose(flatA, [1, 0]), flatY);
    }
    const result = g.matMul(transposed(backward, input(0), a.length), dy);
    return g.sumTo(result, [...y.slice(0, -2), b.at(-2)!, b.at(-1)!], b);
  },
};
