import { axisWeights, mirrored } from '../resample/weights';

/**
 * The antialiased bicubic reduction along one axis, as a matrix D of which a window is held: rows are photo
 * pixels, columns are pixels of the enlargement's grid. With it its pseudo-inverse D^T (D D^T)^-1.
 *
 * D D^T is banded and its condition number is about 2 at every scale, so the banded Cholesky factor below is
 * exact for the window and safe in double precision. Cutting the window instead of taking the whole axis
 * changes a solution by 1e-4 at 8 rows from the cut: callers hold `MARGIN` rows more than they use.
 */
export interface AxisReduction extends ReductionWindow {
  /** Half the bandwidth of D D^T, and its Cholesky factor L: row i holds L[i][i - band .. i]. */
  readonly band: number;
  readonly factor: Float64Array;
}

/** The held rows of D themselves. */
export interface ReductionWindow {
  /** First photo pixel (row of D) held, and how many. */
  readonly rowStart: number;
  readonly rows: number;
  /** First pixel of the enlargement (column of D) that the rows reach, and how many. */
  readonly columnStart: number;
  readonly columns: number;
  /** First column of each row, counted from `columnStart`; its `taps` weights follow one another. */
  readonly firsts: Int32Array;
  readonly taps: number;
  readonly weights: Float64Array;
}

/** Photo pixels on each side of a tile within which its projection is decided, to 1e-4. */
export const MARGIN = 10;

/** Mirrored taps folded onto the pixels that exist: the row's first column and its weights, dense. */
function foldRow(
  start: number,
  weights: Float64Array,
  length: number,
): { first: number; dense: Float64Array } {
  let first = length;
  let last = 0;
  for (let t = 0; t < weights.length; t++) {
    const at = mirrored(start + t, length);
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  const dense = new Float64Array(last - first + 1);
  for (let t = 0; t < weights.length; t++) dense[mirrored(start + t, length) - first]! += weights[t]!;
  return { first, dense };
}

function factorise(
  firsts: Int32Array,
  taps: number,
  weights: Float64Array,
): { band: number; factor: Float64Array } {
  const rows = firsts.length;
  let band = 0;
  for (let i = 0, j = 0; i < rows; i++) {
    while (firsts[j]! + taps <= firsts[i]!) j++;
    band = Math.max(band, i - j);
  }
  const factor = new Float64Array(rows * (band + 1));
  const at = (i: number, j: number): number => i * (band + 1) + (j - i + band);
  for (let i = 0; i < rows; i++) {
    for (let j = Math.max(0, i - band); j <= i; j++) {
      let sum = 0;
      const shift = firsts[i]! - firsts[j]!;
      for (let t = Math.max(0, -shift); t < taps && t + shift < taps; t++) {
        sum += weights[i * taps + t]! * weights[j * taps + t + shift]!;
      }
      for (let k = Math.max(0, i - band, j - band); k < j; k++) sum -= factor[at(i, k)]! * factor[at(j, k)]!;
      factor[at(i, j)] = i === j ? Math.sqrt(sum) : sum / factor[at(j, j)]!;
    }
  }
  return { band, factor };
}

/**
 * Rows `rowStart` to `rowStart + rows` of the reduction by 1 / `scale` of an axis of `enlargedLength` pixels.
 * `scale` is 1 or more.
 */
export function reductionWindow(
  scale: number,
  enlargedLength: number,
  rowStart: number,
  rows: number,
): ReductionWindow {
  const plain = axisWeights('bicubic', 1 / scale, rowStart, rows);
  const folded = Array.from({ length: rows }, (_, i) =>
    foldRow(plain.starts[i]!, plain.weights.subarray(i * plain.taps, (i + 1) * plain.taps), enlargedLength),
  );
  const taps = Math.max(...folded.map(({ dense }) => dense.length));
  const columnStart = Math.min(...folded.map(({ first }) => first));
  const columnEnd = Math.max(...folded.map(({ first, dense }) => first + dense.length));
  const columns = columnEnd - columnStart;
  const firsts = new Int32Array(rows);
  const weights = new Float64Array(rows * taps);
  folded.forEach(({ first, dense }, i) => {
    // Rows shorter than the longest start earlier, so that all have the same number of taps inside the window.
    const start = Math.max(0, Math.min(first - columnStart, columns - taps));
    firsts[i] = start;
    weights.set(dense, i * taps + (first - columnStart - start));
  });
  return { rowStart, rows, columnStart, columns, firsts, taps, weights };
}

/** The same rows with what the pseudo-inverse needs. */
export function axisReduction(
  scale: number,
  enlargedLength: number,
  rowStart: number,
  rows: number,
): AxisReduction {
  const window = reductionWindow(scale, enlargedLength, rowStart, rows);
  return { ...window, ...factorise(window.firsts, window.taps, window.weights) };
}

/** D x, for `lines` vectors x of `columns` values each that lie one after another. */
export function reduceLines(axis: ReductionWindow, x: Float64Array, lines: number): Float64Array {
  const { rows, columns, firsts, taps, weights } = axis;
  const out = new Float64Array(lines * rows);
  for (let line = 0; line < lines; line++) {
    const from = line * columns;
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let t = 0, s = from + firsts[i]!, k = i * taps; t < taps; t++, s++, k++)
        sum += weights[k]! * x[s]!;
      out[line * rows + i] = sum;
    }
  }
  return out;
}

/** D^T (D D^T)^-1 y, for `lines` vectors y of `rows` values each; the result has `columns` values a line. */
export function pseudoInverseLines(axis: AxisReduction, y: Float64Array, lines: number): Float64Array {
  const { rows, columns, firsts, taps, weights, band, factor } = axis;
  const out = new Float64Array(lines * columns);
  const z = new Float64Array(rows);
  const width = band + 1;
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < rows; i++) {
      let sum = y[line * rows + i]!;
      for (let k = Math.max(0, i - band); k < i; k++) sum -= factor[i * width + k - i + band]! * z[k]!;
      z[i] = sum / factor[i * width + band]!;
    }
    for (let i = rows - 1; i >= 0; i--) {
      let sum = z[i]!;
      for (let k = i + 1; k <= Math.min(rows - 1, i + band); k++)
        sum -= factor[k * width + i - k + band]! * z[k]!;
      z[i] = sum / factor[i * width + band]!;
    }
    for (let i = 0; i < rows; i++) {
      for (let t = 0, s = line * columns + firsts[i]!, k = i * taps; t < taps; t++, s++, k++) {
        out[s]! += weights[k]! * z[i]!;
      }
    }
  }
  return out;
}
