import type { Rect } from '../../../shared/geometry';
import type { PixelBytes } from '../pixelBytes';
import { eightBit, type Pixels, type Samples } from './samples';

/** BT.601's weights of red, green and blue for values of 8 bits, of which there are only so many. */
const [REDS, GREENS, BLUES] = [65.481, 128.553, 24.966].map((weight, c) =>
  Float64Array.from({ length: 256 }, (_, value) => (c === 0 ? 16 : 0) + (weight * value) / 255),
) as [Float64Array, Float64Array, Float64Array];

/**
 * BT.601 luma in studio swing (16 to 235, not rounded, as MATLAB's rgb2ycbcr of doubles) of red, green and blue of 8
 * bits; a single channel is its own luma.
 */
export function lumaOf({ width, height, channels, bytes }: PixelBytes): Samples {
  if (channels === 1) return { width, height, values: new Float32Array(bytes) };
  const values = new Float32Array(width * height);
  for (let i = 0, k = 0; i < values.length; i++, k += 3) {
    values[i] = REDS[bytes[k]!]! + GREENS[bytes[k + 1]!]! + BLUES[bytes[k + 2]!]!;
  }
  return { width, height, values };
}

/** The luma of `lumaOf` of a picture rounded to 8 bits; a grey picture is its own, 0 to 255. Alpha is left out. */
export const lumaSamples = (of: Pixels, part: Rect): Samples => lumaOf(eightBit(of, part));
