/** A chromaticity (x, y) of CIE 1931. */
export type Chromaticity = readonly [x: number, y: number];

/** What the numbers R, G and B of a colour space stand for. */
export interface Primaries {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
}

const D65: Chromaticity = [0.3127, 0.329];
const C: Chromaticity = [0.31, 0.316];

/** Chromaticities by the code points of Rec. ITU-T H.273, table 2. */
export const PRIMARIES: Readonly<Record<number, Primaries>> = {
  1: { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: D65 },
  4: { red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08], white: C },
  5: { red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06], white: D65 },
  6: { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: D65 },
  7: { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: D65 },
  8: { red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049], white: C },
  9: { red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046], white: D65 },
  11: { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: [0.314, 0.351] },
  12: { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: D65 },
  22: { red: [0.63, 0.34], green: [0.295, 0.605], blue: [0.155, 0.077], white: D65 },
};

type Vector = readonly [number, number, number];
/** Row by row. */
type Matrix = readonly [Vector, Vector, Vector];

/** The profile connection space's white (ICC.1:2022, 7.2.16). */
export const D50: Vector = [0.9642, 1, 0.8249];

/** Bradford's cone responses (ICC.1:2022, annex E.3). */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

const xyz = ([x, y]: Chromaticity): Vector => [x / y, 1, (1 - x - y) / y];

const times = (m: Matrix, v: Vector): Vector => m.map((row) => dot(row, v)) as unknown as Vector;
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const transposed = (m: Matrix): Matrix => [0, 1, 2].map((c) => m.map((row) => row[c])) as unknown as Matrix;
const product = (a: Matrix, b: Matrix): Matrix =>
  transposed(transposed(b).map((column) => times(a, column)) as unknown as Matrix);

function inverse(m: Matrix): Matrix {
  const [[a, b, c], [d, e, f], [g, h, i]] = m;
  const [p, q, r] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const det = a * p + b * q + c * r;
  return [
    [p / det, (c * h - b * i) / det, (b * f - c * e) / det],
    [q / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [r / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ];
}

/** The matrix from one white to D50 by Bradford's method, as a profile's `chad` tag has it. */
export function adaptationToD50(white: Chromaticity): Matrix {
  const [from, to] = [times(BRADFORD, xyz(white)), times(BRADFORD, D50)];
  const scale: Matrix = [
    [to[0] / from[0], 0, 0],
    [0, to[1] / from[1], 0],
    [0, 0, to[2] / from[2]],
  ];
  return product(inverse(BRADFORD), product(scale, BRADFORD));
}

/** The XYZ of red, green and blue at full intensity, adapted to D50: the columns of a profile's matrix. */
export function colorantsOf({ red, green, blue, white }: Primaries): readonly [Vector, Vector, Vector] {
  const columns = transposed([xyz(red), xyz(green), xyz(blue)]);
  const strength = times(inverse(columns), xyz(white));
  const adapt = adaptationToD50(white);
  const colorant = (primary: Chromaticity, by: number): Vector => {
    const [x, y, z] = times(adapt, xyz(primary));
    return [x * by, y * by, z * by];
  };
  return [colorant(red, strength[0]), colorant(green, strength[1]), colorant(blue, strength[2])];
}
