import { plane, raster, type Raster } from '../raster';

/**
 * ITU-R BT.601 in studio swing, as MATLAB's rgb2ycbcr and ycbcr2rgb: of R, G, B in [0, 1], Y lies in
 * [16, 235] / 255 and Cb, Cr in [16, 240] / 255. Rows give Y, Cb, Cr.
 */
const FORWARD = [
  [65.481, 128.553, 24.966],
  [-37.797, -74.203, 112],
  [112, -93.786, -18.214],
] as const;
const OFFSET = [16, 128, 128] as const;

type Row = readonly [number, number, number];
type Matrix = readonly [Row, Row, Row];

function inverted([a, b, c]: Matrix): Matrix {
  const cross = (u: Row, v: Row): Row => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const [bc, ca, ab] = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  const column = (k: 0 | 1 | 2): Row => [bc[k] / determinant, ca[k] / determinant, ab[k] / determinant];
  return [column(0), column(1), column(2)];
}

const BACKWARD = inverted(FORWARD);

function expectChannels(given: Raster, channels: number, what: string): void {
  if (given.channels !== channels) {
    throw new RangeError(`${what} expects ${channels} channels, received ${given.channels}`);
  }
}

/** out = matrix (in - before) + after, pixel by pixel, into a new raster. */
function transform(source: Raster, [m0, m1, m2]: Matrix, before: Row, after: Row): Raster {
  const result = raster(source.width, source.height, 3);
  const [a, b, c] = [plane(source, 0), plane(source, 1), plane(source, 2)];
  const [p, q, r] = [plane(result, 0), plane(result, 1), plane(result, 2)];
  for (let i = 0; i < a.length; i++) {
    const u = a[i]! - before[0];
    const v = b[i]! - before[1];
    const w = c[i]! - before[2];
    p[i] = m0[0] * u + m0[1] * v + m0[2] * w + after[0];
    q[i] = m1[0] * u + m1[1] * v + m1[2] * w + after[1];
    r[i] = m2[0] * u + m2[1] * v + m2[2] * w + after[2];
  }
  return result;
}

const scaled = (matrix: Matrix, by: number): Matrix =>
  matrix.map((row) => row.map((value) => value * by)) as unknown as Matrix;

const NONE: Row = [0, 0, 0];
const STUDIO: Row = [OFFSET[0] / 255, OFFSET[1] / 255, OFFSET[2] / 255];
const TO_YCBCR = scaled(FORWARD, 1 / 255);
const TO_RGB = scaled(BACKWARD, 255);

/** RGB in [0, 1] to Y, Cb, Cr. Nothing is clipped. */
export function toYcbcr(rgb: Raster): Raster {
  expectChannels(rgb, 3, 'toYcbcr');
  return transform(rgb, TO_YCBCR, NONE, STUDIO);
}

/** The exact inverse of `toYcbcr`. Nothing is clipped. */
export function toRgb(ycbcr: Raster): Raster {
  expectChannels(ycbcr, 3, 'toRgb');
  return transform(ycbcr, TO_RGB, STUDIO, NONE);
}

/** Grey in [0, 1] to the luma that a picture of that grey has: 16/255 + grey * 219/255. */
export function greyToLuma(grey: Raster): Raster {
  expectChannels(grey, 1, 'greyToLuma');
  return raster(
    grey.width,
    grey.height,
    1,
    grey.data.map((value) => (16 + 219 * value) / 255),
  );
}

/** The inverse of `greyToLuma`. */
export function lumaToGrey(luma: Raster): Raster {
  expectChannels(luma, 1, 'lumaToGrey');
  return raster(
    luma.width,
    luma.height,
    1,
    luma.data.map((value) => (255 * value - 16) / 219),
  );
}
