import { sourcePosition } from '../../shared/geometry';
import { periodOf } from './resample/weights';

/** Where an implicit decoder is to look, one axis at a time: the vectors of docs/implicit.md. */

/** Output pixels of one axis in their order; each table holds them twice: for the cell before, then after. */
export interface AxisPositions {
  readonly length: number;
  /** Source pixels counted in the photo, -1 and its length being those mirrored beyond it; falling or rising all along. */
  readonly cells: Int32Array;
  /** Position less the clamped cell's centre, a cell spanning 2. */
  readonly offsets: Float32Array;
  /** The cell's share of the pixel (local ensemble of this axis); both together are 1. */
  readonly weights: Float32Array;
}

/** A part of an axis: output pixels `from` to `from + count`, counted in its `AxisPositions`. */
export interface Run {
  readonly from: number;
  readonly count: number;
}

export interface AxisOrder {
  /** Output pixels per source pixel along this axis, real, 1 or more. */
  readonly scale: number;
  /** Source pixels of the whole photo along this axis. */
  readonly photo: number;
  /** Output pixels `start` to `start + length` of the whole enlargement. */
  readonly start: number;
  readonly length: number;
  /** Seen in the photo's mirror image: the same output pixels, the photo counted from its other end. */
  readonly mirrored?: boolean;
  /** Cells beyond each border, of the photo mirrored there, that pixels may look at: 1, or 0 where there are none. */
  readonly beyond?: 0 | 1;
}

/**
 * The cells around each output pixel centre, y = (i + 0.5) / s - 0.5. They depend on nothing but the scale,
 * the photo's length and the pixel's index in the whole enlargement, so a rectangle has bit for bit what the
 * whole has; where positions repeat (rational scales) offsets and weights do too.
 */
export function axisPositions(order: AxisOrder): AxisPositions {
  const { scale, photo, start, length, mirrored = false, beyond: around = 1 } = order;
  const cells = new Int32Array(2 * length);
  const offsets = new Float32Array(2 * length);
  const weights = new Float32Array(2 * length);
  const period = periodOf(scale);
  // Never further out than one cell beyond the border: a pixel's centre lies within half a cell of the photo.
  const inside = (cell: number): number => Math.min(photo - 1 + around, Math.max(-around, cell));
  for (let i = 0; i < length; i++) {
    const turns = period ? Math.floor((start + i) / period.outputs) : 0;
    const position = sourcePosition(start + i - turns * (period?.outputs ?? 0), scale);
    let first = Math.floor(position);
    let beyond = position - first;
    first += turns * (period?.sources ?? 0);
    if (mirrored) {
      // n - 1 - y, without the rounding of that subtraction.
      first = photo - 1 - first - (beyond === 0 ? 0 : 1);
      beyond = beyond === 0 ? 0 : 1 - beyond;
    }
    const [before, after] = [inside(first), inside(first + 1)];
    const fromBefore = beyond + (first - before);
    const fromAfter = beyond + (first - after);
    const reach = Math.abs(fromBefore) + Math.abs(fromAfter);
    cells[i] = before;
    cells[length + i] = after;
    offsets[i] = 2 * fromBefore;
    offsets[length + i] = 2 * fromAfter;
    // Without any reach both are one cell and the pixel is its centre.
    weights[i] = reach === 0 ? 0.5 : Math.abs(fromAfter) / reach;
    weights[length + i] = reach === 0 ? 0.5 : Math.abs(fromBefore) / reach;
  }
  return { length, cells, offsets, weights };
}

/** The source pixels `first` to `last`, both needed, around a run. */
export function cellsOf(
  { cells, length }: AxisPositions,
  { from, count }: Run,
): { first: number; last: number } {
  const end = from + count - 1;
  return {
    first: Math.min(cells[from]!, cells[end]!),
    last: Math.max(cells[length + from]!, cells[length + end]!),
  };
}

/** A run as the decoder takes it: its cells counted from source pixel `origin`. */
export function decoderAxis(
  { length, cells, offsets, weights }: AxisPositions,
  { from, count }: Run,
  origin: number,
): { index: Int32Array; offset: Float32Array; weight: Float32Array } {
  const index = new Int32Array(2 * count);
  const offset = new Float32Array(2 * count);
  const weight = new Float32Array(2 * count);
  for (let cell = 0; cell < 2; cell++) {
    const at = cell * length + from;
    for (let i = 0; i < count; i++) index[cell * count + i] = cells[at + i]! - origin;
    offset.set(offsets.subarray(at, at + count), cell * count);
    weight.set(weights.subarray(at, at + count), cell * count);
  }
  return { index, offset, weight };
}
