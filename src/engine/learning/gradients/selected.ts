import type { GraphBuilder } from '../../onnx/graphBuilder';

/**
 * The gradient back through a choice of positions `at` along an axis of `size`: each goes where it came from, and
 * adds up where one was chosen twice. A row of neighbours is filled up with zeros; any other choice is a product
 * with a matrix of ones and zeros.
 */
export function selected(
  g: GraphBuilder,
  dy: string,
  dims: readonly number[],
  axis: number,
  at: readonly number[],
  size: number,
): string {
  const first = at[0] ?? 0;
  if (at.every((position, k) => position === first + k)) {
    if (at.length === size) return dy;
    const zeros = (length: number): string =>
      g.op('Expand', [g.scalar(0), g.wholes(dims.with(axis, length))]);
    const parts = [
      ...(first > 0 ? [zeros(first)] : []),
      dy,
      ...(first + at.length < size ? [zeros(size - first - at.length)] : []),
    ];
    return g.op('Concat', parts, { axis });
  }
  const ones = new Float32Array(size * at.length);
  at.forEach((position, k) => (ones[position * at.length + k] = 1));
  return g.along(dy, dims, axis, g.floats([size, at.length], ones), size);
}
