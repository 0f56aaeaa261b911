import { countOf } from '../../onnx/graph';
import type { Backward, GradientRule } from './rule';

/** The last two axes exchanged. */
function transposed({ g }: Backward, value: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, k) => k);
  return g.transpose(value, [...perm.slice(0, -2), rank - 1, rank - 2]);
}

/** A's, B's and Y's sizes with a vector A as a row and a vector B as a column, and Y's axis that has none then. */
function asMatrices(a: number[], b: number[], y: number[]): [number[], number[], number[]] {
  const rows = a.length === 1 ? [1] : y.slice(b.length === 1 ? -1 : -2).slice(0, 1);
  const columns = b.length === 1 ? [1] : y.slice(-1);
  const batch = y.slice(0, y.length - (a.length === 1 ? 0 : 1) - (b.length === 1 ? 0 : 1));
  return [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b, [...batch, ...rows, ...columns]];
}

/** Y = A B; axes before the last two are broadcast, a vector is a row of A or a column of B. dA = dY B^T, dB = A^T dY. */
export const matMul: GradientRule = {
  saves: { inputs: [0, 1] },
  parameters: [0, 1],
  gradient(backward, k) {
    const { g, input, dims, outputDims } = backward;
    const [a, b, y] = asMatrices([...dims(0)], [...dims(1)], [...outputDims()]);
    const shaped = (value: string, sizes: number[], from: readonly number[]): string =>
      sizes.length === from.length ? value : g.reshape(value, sizes);
    const dy = shaped(backward.dy, y, outputDims());
    if (k === 0) {
      const result = g.matMul(dy, transposed(backward, shaped(input(1), b, dims(1)), b.length));
      return shaped(g.sumTo(result, [...y.slice(0, -1), a.at(-1)!], a), [...dims(0)], a);
    }
    if (b.length === 2) {
      // One matrix for all: their rows are one long list of rows, and nothing is summed afterwards.
      const rows = countOf(a.slice(0, -1));
      const [flatA, flatY] = [g.reshape(input(0), [rows, b[0]!]), g.reshape(dy, [rows, b[1]!])];
      return shaped(g.matMul(g.transpose(flatA, [1, 0]), flatY), [...dims(1)], b);
    }
    const result = g.matMul(transposed(backward, shaped(input(0), a, dims(0)), a.length), dy);
    return g.sumTo(result, [...y.slice(0, -2), b.at(-2)!, b.at(-1)!], b);
  },
};
