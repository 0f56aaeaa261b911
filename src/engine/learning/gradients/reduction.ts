import { countOf } from '../../onnx/graph';
import { numbersOf, wholesAttribute } from '../../onnx/staticGraph';
import type { Backward } from './rule';

/** The axes that a reduction goes over, from 0; they came as an attribute before they came as an input. */
export function axesOf({ node, dims, constant }: Backward): number[] {
  const rank = dims(0).length;
  const given = constant(1);
  const axes = given ? numbersOf(given) : (wholesAttribute(node, 'axes') ?? []);
  if (axes.length === 0) return dims(0).map((_, k) => k);
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** A result of a reduction, with the axes it lost as size 1: it then broadcasts against the input. */
export function widened(backward: Backward, value: string): string {
  const axes = new Set(axesOf(backward));
  return backward.g.reshape(
    value,
    backward.dims(0).map((dim, k) => (axes.has(k) ? 1 : dim)),
  );
}

/** A sum hands its gradient on to all that it added, times `factor`. */
export function repeated(backward: Backward, factor: number): string {
  const { g, dy, dims } = backward;
  return g.op('Expand', [g.scaled(widened(backward, dy), factor), g.wholes(dims(0))]);
}

/** How many numbers went into one of the result. */
export const reducedCount = (backward: Backward): number =>
  countOf(backward.dims(0)) / countOf(backward.outputDims());
