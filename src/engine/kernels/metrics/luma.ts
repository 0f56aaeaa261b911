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

/** One channel's pixels of a rectangle times 255, through a row that clips and rounds where it holds bytes. */
function channelOf(of: Raster, channel: number, part: Rect, row: Float32Array | Uint8ClampedArray): Samples {
  const values = new Float32Array(part.width * part.height);
  const from = plane(of, channel);
  for (let y = 0; y < part.height; y++) {
    const start = (part.y + y) * of.width + part.x;
    for (let x = 0; x < part.width; x++) row[x] = from[start + x]! * 255;
    values.set(row, y * part.width);
  }
  return { width: part.width, height: part.height, values };
}

/** One channel's pixels of a rectangle, rounded to 8 bits (0 to 255, clipped) as a saved picture has them. */
export const eightBit = (of: Raster, channel: number, part: Rect): Samples =>
  channelOf(of, channel, part, new Uint8ClampedArray(part.width));

/** One channel's pixels of a rectangle, 0 to 255, clipped and not rounded. */
export function unrounded(of: Raster, channel: number, part: Rect): Samples {
  const found = channelOf(of, channel, part, new Float32Array(part.width));
  const { values } = found;
  for (let i = 0; i < values.length; i++) values[i] = Math.min(255, Math.max(0, values[i]!));
  return found;
}

/** BT.601's weights of red, green and blue for values of 8 bits, of which there are only so many. */
const [REDS, GREENS, BLUES] = [65.481, 128.553, 24.966].map((weight, c) =>
  Float64Array.from({ length: 256 }, (_, value) => (c === 0 ? 16 : 0) + (weight * value) / 255),
) as [Float64Array, Float64Array, Float64Array];

/**
 * BT.601 luma in studio swing (16 to 235, not rounded, as MATLAB's rgb2ycbcr of doubles) of red, green and blue,
 * whole numbers 0 to 255; a single channel is its own luma. Into a new array.
 */
export function lumaOf(channels: readonly Samples[]): Samples {
  const [red, green, blue] = channels;
  if (!green || !blue) return red!;
  const values = new Float32Array(red!.values.length);
  for (let i = 0; i < values.length; i++) {
    values[i] = REDS[red!.values[i]!]! + GREENS[green.values[i]!]! + BLUES[blue.values[i]!]!;
  }
  return { width: red!.width, height: red!.height, values };
}

/** The luma of `lumaOf` of a picture rounded to 8 bits; a grey picture is its own, 0 to 255. Alpha is left out. */
export const lumaSamples = (of: Raster, part: Rect): Samples =>
  lumaOf(Array.from({ length: colourChannels(of) }, (_, c) => eightBit(of, c, part)));
