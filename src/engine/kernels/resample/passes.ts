import type { Axis } from './axis';
import { COMBINE, filterRow, sumRows } from './rowFilters';

/** Filtered source rows, the latest `taps` of them, each at its index modulo `taps`. */
class RowRing {
  private readonly rows: Float64Array;
  private readonly laidOut: Float64Array;
  private readonly offsets: Int32Array;
  private readonly sums: Float64Array;
  private next = 0;

  constructor(
    private readonly horizontal: Axis,
    private readonly vertical: Axis,
  ) {
    const width = horizontal.starts.length;
    this.rows = new Float64Array(vertical.taps * width);
    this.laidOut = new Float64Array(horizontal.indices.length);
    this.offsets = new Int32Array(vertical.taps);
    this.sums = new Float64Array(vertical.taps in COMBINE ? 0 : width);
  }

  rewind(): void {
    this.next = 0;
  }

  /** Makes rows `from` to `from + taps` (of `vertical.indices`) present; `from` never goes back. */
  advance(source: Float32Array, sourceWidth: number, from: number): void {
    const { indices: columns } = this.horizontal;
    const { indices, taps } = this.vertical;
    const { laidOut } = this;
    for (this.next = Math.max(this.next, from); this.next < from + taps; this.next++) {
      const row = indices[this.next]! * sourceWidth;
      for (let k = 0; k < laidOut.length; k++) laidOut[k] = source[row + columns[k]!]!;
      filterRow(laidOut, this.horizontal, this.rows, this.offset(this.next));
    }
  }

  /** Output row `y`, from rows that are present. */
  combine(y: number, out: Float32Array, at: number): void {
    const { taps, starts, weights } = this.vertical;
    const { rows, offsets, sums } = this;
    for (let tap = 0; tap < taps; tap++) offsets[tap] = this.offset(starts[y]! + tap);
    const combine = COMBINE[taps];
    if (combine) {
      combine(rows, offsets, weights, y * taps, out, at, this.horizontal.starts.length);
    } else {
      sumRows(rows, offsets, weights, y * taps, sums);
      out.set(sums, at);
    }
  }

  private offset(row: number): number {
    return (row % this.vertical.taps) * this.horizontal.starts.length;
  }
}

/**
 * Resamples planes of one size: first along the rows, then down the columns, holding only as many filtered
 * rows as the kernel has taps. `source` and `out` are whole planes one after the other.
 */
export function resamplePlanes(
  source: Float32Array,
  sourceWidth: number,
  sourceHeight: number,
  horizontal: Axis,
  vertical: Axis,
  out: Float32Array,
): void {
  const width = horizontal.starts.length;
  const height = vertical.starts.length;
  const ring = new RowRing(horizontal, vertical);
  const planes = source.length / (sourceWidth * sourceHeight);
  for (let p = 0; p < planes; p++) {
    const plane = source.subarray(p * sourceWidth * sourceHeight, (p + 1) * sourceWidth * sourceHeight);
    ring.rewind();
    for (let y = 0; y < height; y++) {
      ring.advance(plane, sourceWidth, vertical.starts[y]!);
      ring.combine(y, out, (p * height + y) * width);
    }
  }
}
