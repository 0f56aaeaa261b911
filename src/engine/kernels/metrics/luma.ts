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

/** One channel's pixels of a rectangle, rounded to 8 bits (0 to 255, clipped) as a saved picture has them. */
export function eightBit(of: Raster, channel: number, part: Rect): Samples {
  const values = new Float32Array(part.width * part.height);
  const from = plane(of, channel);
  for (let y = 0, k = 0; y < part.height; y++) {
    const row = (part.y + y) * of.width + part.x;
    for (let x = 0; x < part.width; x++, k++) {
      values[k] = Math.min(255, Math.max(0, Math.round(from[row + x]! * 255)));
    }
  }
  return { width: part.width, height: part.height, values };
}

/**
 * BT.601 luma in studio swing (16 to 235, not rounded, as MATLAB's rgb2ycbcr of doubles) of a picture
 * rounded to 8 bits; a grey picture is its own luma, 0 to 255. Alpha is left out.
 */
export function lumaSamples(of: Raster, part: Rect): Samples {
  const red = eightBit(of, 0, part);
  if (colourChannels(of) === 1) return red;
  const green = eightBit(of, 1, part).values;
  const blue = eightBit(of, 2, part).values;
  const { values } = red;
  for (let i = 0; i < values.length; i++) {
    values[i] = 16 + (65.481 * values[i]! + 128.553 * green[i]! + 24.966 * blue[i]!) / 255;
  }
  return red;
}
