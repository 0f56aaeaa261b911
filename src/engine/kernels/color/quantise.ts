import { colourChannels, hasAlpha, plane, raster, type Raster } from '../raster';

/** Planar floats into interleaved whole numbers: clipped to [0, 1], rounded to the nearest of 0 to `top`. */
function quantise<T extends Uint8Array | Uint16Array>(source: Raster, top: number, into: T): T {
  const { channels } = source;
  for (let c = 0; c < channels; c++) {
    const values = plane(source, c);
    for (let i = 0, k = c; i < values.length; i++, k += channels) {
      const value = values[i]!;
      // Written so that NaN becomes 0.
      into[k] = value >= 1 ? top : value > 0 ? (value * top + 0.5) | 0 : 0;
    }
  }
  return into;
}

function restore(data: Uint8Array | Uint16Array, width: number, height: number, channels: number): Raster {
  const top = data instanceof Uint8Array ? 255 : 65535;
  const pixels = width * height;
  if (data.length !== pixels * channels) {
    throw new RangeError(
      `${width} x ${height} x ${channels} interleaved values are ${pixels * channels}, received ${data.length}`,
    );
  }
  const result = raster(width, height, channels);
  for (let c = 0; c < channels; c++) {
    const values = plane(result, c);
    for (let i = 0, k = c; i < pixels; i++, k += channels) values[i] = data[k]! / top;
  }
  return result;
}

/** Interleaved 8 bit of every channel, written over `into`, which has as many values. */
export const toBytes = (
  source: Raster,
  into: Uint8Array<ArrayBuffer> = new Uint8Array(source.data.length),
): Uint8Array<ArrayBuffer> => quantise(source, 255, into);

/** Interleaved 16 bit of every channel, written over `into`, which has as many values. */
export const toWords = (
  source: Raster,
  into: Uint16Array<ArrayBuffer> = new Uint16Array(source.data.length),
): Uint16Array<ArrayBuffer> => quantise(source, 65535, into);

/** The inverse of `toBytes`: value / 255. */
export const fromBytes = (data: Uint8Array, width: number, height: number, channels: number): Raster =>
  restore(data, width, height, channels);

/** The inverse of `toWords`: value / 65535. */
export const fromWords = (data: Uint16Array, width: number, height: number, channels: number): Raster =>
  restore(data, width, height, channels);

/** RGBA, 8 bit, straight alpha, as a page draws it: grey three times, opaque where there is no alpha. */
export function toRgba8(source: Raster): Uint8Array<ArrayBuffer> {
  const pixels = source.width * source.height;
  const out = new Uint8Array(4 * pixels);
  const colours = colourChannels(source);
  for (let c = 0; c < 4; c++) {
    if (c === 3 && !hasAlpha(source)) {
      for (let k = 3; k < out.length; k += 4) out[k] = 255;
      continue;
    }
    const values = plane(source, c === 3 ? colours : Math.min(c, colours - 1));
    for (let i = 0, k = c; i < pixels; i++, k += 4) {
      const value = values[i]!;
      out[k] = value >= 1 ? 255 : value > 0 ? (value * 255 + 0.5) | 0 : 0;
    }
  }
  return out;
}
