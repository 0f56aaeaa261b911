import { numbersOf } from '../../onnx/staticGraph';
import { selected } from './selected';
import type { Backward, GradientRule } from './rule';

/** Positions of an axis that a start, end and step of a Slice mean, by ONNX's rules for numbers out of range. */
export function positions(size: number, start: number, end: number, step: number): number[] {
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const found: number[] = [];
  if (step > 0) {
    for (let at = Math.max(0, from); at < Math.min(size, to); at += step) found.push(at);
  } else {
    for (let at = Math.min(size - 1, from); at > Math.max(-1, to); at += step) found.push(at);
  }
  return found;
}

/** What the Slice took of every axis that it names. */
function taken({ constant, dims }: Backward): { axis: number; at: number[] }[] {
  const list = (k: number): number[] | undefined => {
    const given = constant(k);
    return given && numbersOf(given);
  };
  const [starts, ends] = [list(1)!, list(2)!];
  const axes = list(3) ?? starts.map((_, k) => k);
  const steps = list(4) ?? starts.map(() => 1);
  return axes.map((given, k) => {
    const axis = given < 0 ? given + dims(0).length : given;
    return { axis, at: positions(dims(0)[axis]!, starts[k]!, ends[k]!, steps[k]!) };
  });
}

/** Back to where it was taken from, zeros elsewhere. */
export const slice: GradientRule = {
  saves: {},
  fixed: [1, 2, 3, 4],
  gradient(backward) {
    const { g, dy, dims, outputDims } = backward;
    let [back, shape] = [dy, [...outputDims()]];
    for (const { axis, at } of taken(backward)) {
      back = selected(g, back, shape, axis, at, dims(0)[axis]!);
      shape = shape.with(axis, dims(0)[axis]!);
    }
    return back;
  },
};
