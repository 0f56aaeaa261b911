import type { OnnxNode } from '../../onnx/graph';
import { identityMatrix, type GraphBuilder } from '../../onnx/graphBuilder';

/**
 * What a linear operator does along one axis, transposed: the matrix [before, after] that takes a gradient back. It
 * is made by the operator itself, on the columns of the identity matrix, so that it is what the runtime computes,
 * whatever the mode; the runtime works it out once, when it loads the graph.
 * @param inputs of the operator after its first, for a picture [1, 1, before, before] whose third axis alone changes.
 */
export function axisMatrix(
  g: GraphBuilder,
  node: OnnxNode,
  inputs: readonly string[],
  before: number,
  after: number,
): string {
  const columns = g.floats([1, 1, before, before], identityMatrix(before));
  const result = g.op(node.op, [columns, ...inputs], node.attributes);
  return g.transpose(g.reshape(result, [after, before]), [1, 0]);
}
