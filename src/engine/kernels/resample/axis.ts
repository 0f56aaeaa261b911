import { mirrored, type AxisWeights } from './weights';

/** One axis, made ready for the passes: every index that a tap can have, resolved to the given source. */
export interface Axis {
  readonly taps: number;
  /** First entry of `indices` for each output pixel. */
  readonly starts: Int32Array;
  readonly weights: Float64Array;
  /** Index in the given source of each index that the taps run over, in order, borders mirrored. */
  readonly indices: Int32Array;
}

/**
 * Resolves the taps of an axis against a source that holds photo pixels `from` to `from + held`.
 * Throws RangeError, naming the axis, where a tap falls outside of it.
 */
export function resolveAxis(
  { taps, starts, weights }: AxisWeights,
  photoLength: number,
  from: number,
  held: number,
  name: string,
): Axis {
  const lowest = starts[0]!;
  const indices = new Int32Array(starts[starts.length - 1]! + taps - lowest);
  // Where a kernel's span is no whole number of taps, the last may lie beyond it: weight 0, any pixel will do.
  const spare = weights.at(-1) === 0 ? indices.length - 1 : -1;
  for (let k = 0; k < indices.length; k++) {
    const index = k === spare ? (indices[k - 1] ?? 0) : mirrored(lowest + k, photoLength) - from;
    if (index < 0 || index >= held) {
      throw new RangeError(
        `resample needs ${name} ${index + from} of the photo; the source given holds ${name}s ${from} to ` +
          `${from + held - 1}: read neededSource(...) of it`,
      );
    }
    indices[k] = index;
  }
  return { taps, starts: starts.map((start) => start - lowest), weights, indices };
}
