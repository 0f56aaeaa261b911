import { resolveAxis, type Axis } from '../kernels/resample/axis';
import { axisWeights } from '../kernels/resample/weights';
import type { Enlarging } from './enlarging';
import { FLOAT_BYTES, TAPS } from './tileKernel';

/** The bicubic taps of a tile: along its rows, and down its columns. */
export interface TileAxes {
  readonly across: Axis;
  readonly down: Axis;
}

/** Those of the photo's enlargement. Scale above 1, so that there are `TAPS` a pixel. */
export function tileAxes({ source, photo, scale, output }: Enlarging): TileAxes {
  const { rect: held } = source;
  const columns = axisWeights('bicubic', scale, output.x, output.width);
  const rows = axisWeights('bicubic', scale, output.y, output.height);
  return {
    across: resolveAxis(columns, photo.width, held.x, held.width, 'column'),
    down: resolveAxis(rows, photo.height, held.y, held.height, 'row'),
  };
}

/** Puts the taps along rows where `filterRows` reads them, for `width` pixels: what lies behind the tile weighs nothing. */
export function layTaps(
  { starts, weights }: Axis,
  width: number,
  buffer: ArrayBuffer,
  at: { readonly starts: number; readonly weights: number },
): void {
  const offsets = new Int32Array(buffer, at.starts, width).fill(0);
  starts.forEach((start, x) => (offsets[x] = start * FLOAT_BYTES));
  new Float32Array(buffer, at.weights, width * TAPS).fill(0).set(weights);
}

export type RowWeights = readonly [number, number, number, number];

/** The weights of a row of pixels, down its columns. */
export function rowWeights({ weights }: Axis, y: number): RowWeights {
  const k = y * TAPS;
  return [weights[k]!, weights[k + 1]!, weights[k + 2]!, weights[k + 3]!];
}
