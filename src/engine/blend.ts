import { rect, type Rect } from '../shared/geometry';
import { raster, type Raster } from './raster';

/** A half-open run of pixels of one axis. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Finished pixels: whole rows of the blended area. */
export interface Band {
  readonly rect: Rect<'output'>;
  readonly pixels: Raster;
}

function checkSpans(spans: readonly Span[], axis: string): void {
  spans.forEach(({ start, end }, k) => {
    const before = spans[k - 1];
    const follows = !before || (start >= before.start && start <= before.end && end >= before.end);
    if (end > start && follows) return;
    throw new RangeError(
      `blending expects ${axis} that go on without a gap, received ${start} to ${end}` +
        (before ? ` after ${before.start} to ${before.end}` : ''),
    );
  });
}

/**
 * Weights of overlapping spans: each falls linearly to its ends inside the picture (not at the picture's own
 * border, where nothing was cut off), and at every pixel they are divided by their sum. So they sum to 1,
 * are exactly 1 where a span is alone, and cross-fade where two overlap.
 */
export function featherWeights(spans: readonly Span[]): Float64Array[] {
  const first = spans[0]?.start ?? 0;
  const last = spans.at(-1)?.end ?? first;
  const total = new Float64Array(last - first);
  const weights = spans.map(({ start, end }) => {
    const own = new Float64Array(end - start);
    for (let i = 0; i < own.length; i++) {
      const fromStart = start === first ? Infinity : i + 1;
      const toEnd = end === last ? Infinity : own.length - i;
      own[i] = Math.min(fromStart, toEnd, own.length + 1);
      total[start - first + i]! += own[i]!;
    }
    return own;
  });
  weights.forEach((own, k) => {
    const offset = spans[k]!.start - first;
    for (let i = 0; i < own.length; i++) own[i]! /= total[offset + i]!;
  });
  return weights;
}

/**
 * Joins overlapping tiles, for networks that look further than their overlap: what differs between two
 * tiles fades from one into the other instead of showing a seam. Where tiles agree the result is theirs.
 *
 * `columns` and `rows` are the output pixels that each column and row of tiles delivers, overlap included,
 * in order and without gaps. Rows of tiles come in order, the tiles of a row in any. Holds one row of tiles.
 */
export class BandBlender {
  private readonly across: Float64Array[];
  private readonly down: Float64Array[];
  private readonly left: number;
  private readonly width: number;
  private readonly capacity: number;
  private readonly sums: Float32Array;
  private row = 0;
  private readonly added = new Set<number>();

  constructor(
    private readonly columns: readonly Span[],
    private readonly rows: readonly Span[],
    private readonly channels: number,
  ) {
    checkSpans(columns, 'columns');
    checkSpans(rows, 'rows');
    this.across = featherWeights(columns);
    this.down = featherWeights(rows);
    this.left = columns[0]?.start ?? 0;
    this.width = (columns.at(-1)?.end ?? 0) - this.left;
    this.capacity = Math.max(0, ...rows.map(({ start, end }) => end - start));
    this.sums = new Float32Array(channels * this.capacity * this.width);
  }

  /**
   * Adds the tile of a column and row, all the pixels that its spans promise. Once the last tile of a row of
   * tiles is in, gives the rows that no later tile touches, if there are any; else undefined.
   * Throws RangeError for a tile of another size, out of turn, or given twice.
   */
  add(column: number, row: number, tile: Raster): Band | undefined {
    this.check(column, row, tile);
    const across = this.across[column]!;
    const down = this.down[row]!;
    const offset = this.columns[column]!.start - this.left;
    for (let c = 0, k = 0; c < this.channels; c++) {
      for (let y = 0; y < tile.height; y++) {
        const line = (c * this.capacity + y) * this.width + offset;
        const weight = down[y]!;
        for (let x = 0; x < tile.width; x++, k++) this.sums[line + x]! += weight * across[x]! * tile.data[k]!;
      }
    }
    this.added.add(column);
    return this.added.size === this.columns.length ? this.finishRow() : undefined;
  }

  private check(column: number, row: number, tile: Raster): void {
    const [x, y] = [this.columns[column], this.rows[row]];
    if (!x || !y || row !== this.row || this.added.has(column)) {
      throw new RangeError(
        `blending expects the tiles of row ${this.row} of ${this.rows.length}, each once; ` +
          `received column ${column}, row ${row}`,
      );
    }
    const [width, height] = [x.end - x.start, y.end - y.start];
    if (tile.width !== width || tile.height !== height || tile.channels !== this.channels) {
      throw new RangeError(
        `blending expects ${width} x ${height} x ${this.channels} for the tile at column ${column}, row ${row}; ` +
          `received ${tile.width} x ${tile.height} x ${tile.channels}`,
      );
    }
  }

  /** Takes the finished rows out and moves those that the next row of tiles overlaps to the top. */
  private finishRow(): Band | undefined {
    const { start, end } = this.rows[this.row]!;
    const finished = (this.rows[this.row + 1]?.start ?? end) - start;
    const kept = end - start - finished;
    const pixels = raster(this.width, finished, this.channels);
    for (let c = 0; c < this.channels; c++) {
      const from = c * this.capacity * this.width;
      const split = from + finished * this.width;
      const to = split + kept * this.width;
      pixels.data.set(this.sums.subarray(from, split), c * finished * this.width);
      this.sums.copyWithin(from, split, to);
      this.sums.fill(0, from + kept * this.width, from + this.capacity * this.width);
    }
    this.row += 1;
    this.added.clear();
    if (finished === 0) return undefined;
    return { rect: rect<'output'>(this.left, start, this.width, finished), pixels };
  }
}
