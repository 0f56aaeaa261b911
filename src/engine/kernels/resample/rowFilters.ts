import type { Axis } from './axis';

/** One source row, already laid out along `axis.indices`, filtered into `out[offset...]`. */
export function filterRow(row: Float64Array, axis: Axis, out: Float64Array, offset: number): void {
  const { taps, starts, weights: w } = axis;
  const count = starts.length;
  if (taps === 1) {
    for (let i = 0; i < count; i++) out[offset + i] = row[starts[i]!]!;
  } else if (taps === 2) {
    for (let i = 0, k = 0; i < count; i++, k += 2) {
      const s = starts[i]!;
      out[offset + i] = w[k]! * row[s]! + w[k + 1]! * row[s + 1]!;
    }
  } else if (taps === 4) {
    for (let i = 0, k = 0; i < count; i++, k += 4) {
      const s = starts[i]!;
      out[offset + i] =
        w[k]! * row[s]! + w[k + 1]! * row[s + 1]! + w[k + 2]! * row[s + 2]! + w[k + 3]! * row[s + 3]!;
    }
  } else {
    for (let i = 0, k = 0; i < count; i++) {
      const end = starts[i]! + taps;
      let sum = 0;
      for (let s = starts[i]!; s < end; s++, k++) sum += w[k]! * row[s]!;
      out[offset + i] = sum;
    }
  }
}

/** `width` weighted sums over the rows of `rows` that start at `offsets`, weights at `w[k...]`. */
type Combine = (
  rows: Float64Array,
  offsets: Int32Array,
  w: Float64Array,
  k: number,
  out: Float32Array,
  at: number,
  width: number,
) => void;

/** The kernels' own tap counts unrolled: sums stay in registers. */
export const COMBINE: Readonly<Record<number, Combine>> = {
  1: (rows, offsets, _w, _k, out, at, width) => {
    const a = offsets[0]!;
    for (let i = 0; i < width; i++) out[at + i] = rows[a + i]!;
  },
  2: (rows, offsets, w, k, out, at, width) => {
    const [a, b] = [offsets[0]!, offsets[1]!];
    const [wa, wb] = [w[k]!, w[k + 1]!];
    for (let i = 0; i < width; i++) out[at + i] = wa * rows[a + i]! + wb * rows[b + i]!;
  },
  4: (rows, offsets, w, k, out, at, width) => {
    const [a, b, c, d] = [offsets[0]!, offsets[1]!, offsets[2]!, offsets[3]!];
    const [wa, wb, wc, wd] = [w[k]!, w[k + 1]!, w[k + 2]!, w[k + 3]!];
    for (let i = 0; i < width; i++) {
      out[at + i] = wa * rows[a + i]! + wb * rows[b + i]! + wc * rows[c + i]! + wd * rows[d + i]!;
    }
  },
  6: (rows, offsets, w, k, out, at, width) => {
    const [a, b, c] = [offsets[0]!, offsets[1]!, offsets[2]!];
    const [d, e, f] = [offsets[3]!, offsets[4]!, offsets[5]!];
    const [wa, wb, wc, wd, we, wf] = [w[k]!, w[k + 1]!, w[k + 2]!, w[k + 3]!, w[k + 4]!, w[k + 5]!];
    for (let i = 0; i < width; i++) {
      out[at + i] =
        wa * rows[a + i]! +
        wb * rows[b + i]! +
        wc * rows[c + i]! +
        wd * rows[d + i]! +
        we * rows[e + i]! +
        wf * rows[f + i]!;
    }
  },
};

/** Any number of rows, summed into `sums` first; two a turn halve the walks over it. */
export function sumRows(
  rows: Float64Array,
  offsets: Int32Array,
  w: Float64Array,
  k: number,
  sums: Float64Array,
): void {
  sums.fill(0);
  for (let t = 0; t < offsets.length; t += 2) {
    const a = offsets[t]!;
    const wa = w[k + t]!;
    if (t + 1 === offsets.length) {
      for (let i = 0; i < sums.length; i++) sums[i]! += wa * rows[a + i]!;
    } else {
      const b = offsets[t + 1]!;
      const wb = w[k + t + 1]!;
      for (let i = 0; i < sums.length; i++) sums[i]! += wa * rows[a + i]! + wb * rows[b + i]!;
    }
  }
}
