import { rect, type Rect } from '../../../shared/geometry';
import type { PixelBytes } from '../pixelBytes';
import { colourChannels, plane, type Raster } from '../raster';

/** Pixels as they are measured: floats in [0, 1], or 8 bits where that is all there is. */
export type Pixels = Raster | PixelBytes;

/** Samples in [0, 255] of one channel. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** The part of a picture of this size that lies `border` or more from its edges. */
export const innerRect = (size: { width: number; height: number }, border: number): Rect =>
  rect(border, border, size.width - 2 * border, size.height - 2 * border);

/** Visits the rows of a rectangle of a picture: a row's number in it, and the pixel of the picture where it begins. */
function eachRow(of: Pixels, part: Rect, visit: (row: number, start: number) => void): void {
  for (let row = 0; row < part.height; row++) visit(row, (part.y + row) * of.width + part.x);
}

/** The colours of bytes, less alpha; a grey one as often as `colours` says. */
function coloursOfBytes(of: PixelBytes, part: Rect, colours: number): Uint8Array {
  const { bytes, channels } = of;
  const into = new Uint8Array(part.width * part.height * colours);
  const length = part.width * colours;
  const isGrey = colourChannels(of) === 1;
  eachRow(of, part, (row, start) => {
    const at = row * length;
    if (channels === colours) {
      into.set(bytes.subarray(start * channels, start * channels + length), at);
      return;
    }
    for (let c = 0; c < colours; c++) {
      let from = start * channels + (isGrey ? 0 : c);
      for (let k = at + c; k < at + length; k += colours, from += channels) into[k] = bytes[from]!;
    }
  });
  return into;
}

/** The same of floats: times 255, rounded (halves to even numbers), clipped. */
function coloursOfFloats(of: Raster, part: Rect, colours: number): Uint8Array {
  const into = new Uint8ClampedArray(part.width * part.height * colours);
  for (let c = 0; c < colours; c++) {
    const from = plane(of, colourChannels(of) === 1 ? 0 : c);
    eachRow(of, part, (row, start) => {
      let k = row * part.width * colours + c;
      for (let x = start; x < start + part.width; x++, k += colours) into[k] = from[x]! * 255;
    });
  }
  return new Uint8Array(into.buffer);
}

/**
 * The pixels of a rectangle rounded to 8 bits, as a saved picture has them, without alpha. `colours`: 1, or 3, of which
 * a grey picture gives its one thrice.
 */
export function eightBit(of: Pixels, part: Rect, colours: number = colourChannels(of)): PixelBytes {
  const bytes = 'bytes' in of ? coloursOfBytes(of, part, colours) : coloursOfFloats(of, part, colours);
  return { width: part.width, height: part.height, channels: colours, bytes };
}

/** One colour's pixels of a rectangle, 0 to 255, clipped and not rounded. A grey picture has one for all. */
export function unrounded(of: Pixels, colour: number, part: Rect): Samples {
  const c = colourChannels(of) === 1 ? 0 : colour;
  const values = new Float32Array(part.width * part.height);
  eachRow(of, part, (row, start) => {
    const line = values.subarray(row * part.width, (row + 1) * part.width);
    if ('bytes' in of) {
      for (let x = 0; x < line.length; x++) line[x] = of.bytes[(start + x) * of.channels + c]!;
      return;
    }
    const from = plane(of, c);
    for (let x = 0; x < line.length; x++) line[x] = Math.min(255, Math.max(0, from[start + x]! * 255));
  });
  return { width: part.width, height: part.height, values };
}
