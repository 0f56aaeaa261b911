import type { Size } from '../../shared/geometry';

/**
 * The engine's one picture type. Planar (channel, row, column), float32, nominally in [0, 1]:
 * the layout that networks take (NCHW with N = 1) and that separable kernels like.
 * Channels: 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha; alpha is straight, never premultiplied,
 * unless a function says so. Values are in the photo's own colour space, as encoded.
 */
export interface Raster extends Size {
  readonly channels: number;
  /** channels * height * width values. */
  readonly data: Float32Array;
}

/** A raster of zeros, or around existing data of exactly the right length. */
export function raster(
  width: number,
  height: number,
  channels: number,
  data: Float32Array = new Float32Array(width * height * channels),
): Raster {
  if (data.length !== width * height * channels) {
    throw new RangeError(
      `a raster of ${width} x ${height} x ${channels} needs ${width * height * channels} values, received ${data.length}`,
    );
  }
  return { width, height, channels, data };
}

/** One channel as a view, not a copy. */
export function plane(of: Raster, channel: number): Float32Array {
  const length = of.width * of.height;
  return of.data.subarray(channel * length, (channel + 1) * length);
}

export const hasAlpha = (of: { readonly channels: number }): boolean =>
  of.channels === 2 || of.channels === 4;
export const colourChannels = (of: { readonly channels: number }): number =>
  hasAlpha(of) ? of.channels - 1 : of.channels;
