import { rect, type Rect } from '../../../shared/geometry';
import { colourChannels, plane, type Raster } from '../raster';

/** Samples in [0, 255] of one channel. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** The part of a picture of this size that lies `border` or more from its edges. */
export const innerRect = (size: { width: number; height: number }, border: number): Rect =>
  rect(border, border, size.width - 2 * border, size.height - 2 * border);

/** Samples of 8 bits, whole numbers 0 to 255, of one channel. */
export interface ByteSamples {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8ClampedArray;
}

/** One channel's pixels of a rectangle times 255, as the array that they are put into holds them. */
function channelInto(
  of: Raster,
  channel: number,
  part: Rect,
  values: Float32Array | Uint8ClampedArray,
): void {
  const from = plane(of, channel);
  for (let y = 0; y < part.height; y++) {
    const start = (part.y + y) * of.width + part.x;
    const row = values.subarray(y * part.width, (y + 1) * part.width);
    for (let x = 0; x < row.length; x++) row[x] = from[start + x]! * 255;
  }
}

/** One channel's pixels of a rectangle, rounded to 8 bits (0 to 255, clipped) as a saved picture has them. */
export function eightBit(of: Raster, channel: number, part: Rect): ByteSamples {
  const values = new Uint8ClampedArray(part.width * part.height);
  channelInto(of, channel, part, values);
  return { width: part.width, height: part.height, values };
}

/** One channel's pixels of a rectangle, 0 to 255, clipped and not rounded. */
export function unrounded(of: Raster, channel: number, part: Rect): Samples {
  const values = new Float32Array(part.width * part.height);
  channelInto(of, channel, part, values);
  for (let i = 0; i < values.length; i++) values[i] = Math.min(255, Math.max(0, values[i]!));
  return { width: part.width, height: part.height, values };
}

/** BT.601's weights of red, green and blue for values of 8 bits, of which there are only so many. */
const [REDS, GREENS, BLUES] = [65.481, 128.553, 24.966].map((weight, c) =>
  Float64Array.from({ length: 256 }, (_, value) => (c === 0 ? 16 : 0) + (weight * value) / 255),
) as [Float64Array, Float64Array, Float64Array];

/**
 * BT.601 luma in studio swing (16 to 235, not rounded, as MATLAB's rgb2ycbcr of doubles) of red, green and blue of 8
 * bits; a single channel is its own luma. Into a new array.
 */
export function lumaOf(channels: readonly ByteSamples[]): Samples {
  const [red, green, blue] = channels;
  const { width, height } = red!;
  if (!green || !blue) return { width, height, values: Float32Array.from(red!.values) };
  const [r, g, b] = [red!.values, green.values, blue.values];
  const values = new Float32Array(r.length);
  for (let i = 0; i < values.length; i++) values[i] = REDS[r[i]!]! + GREENS[g[i]!]! + BLUES[b[i]!]!;
  return { width, height, values };
}

/** The luma of `lumaOf` of a picture rounded to 8 bits; a grey picture is its own, 0 to 255. Alpha is left out. */
export const lumaSamples = (of: Raster, part: Rect): Samples =>
  lumaOf(Array.from({ length: colourChannels(of) }, (_, c) => eightBit(of, c, part)));
