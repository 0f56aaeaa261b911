import { hasAlpha, plane, raster, type Raster } from '../kernels/raster';
import type { Photo } from './photo';

/** The first colour alone, with alpha where there is one. */
function firstColour(picture: Raster): Raster {
  const channels = hasAlpha(picture) ? 2 : 1;
  const grey = raster(picture.width, picture.height, channels);
  grey.data.set(plane(picture, 0));
  if (channels === 2) grey.data.set(plane(picture, picture.channels - 1), picture.width * picture.height);
  return grey;
}

const greys = new WeakMap<Photo, Photo>();

/**
 * A photo whose red, green and blue are equal everywhere, as grey: networks of colours make up to 15 levels of chroma
 * of such a photo, and none of grey. The same photo gives the same grey, by which features are kept.
 */
export function asGrey(photo: Photo): Photo {
  const known = greys.get(photo);
  if (known) return known;
  const grey: Photo = {
    info: { ...photo.info, grey: true },
    channels: hasAlpha(photo) ? 2 : 1,
    levels: photo.levels,
    decoded: () => photo.decoded(),
    read: async (rect, options) => firstColour(await photo.read(rect, options)),
    close: () => photo.close(),
  };
  greys.set(photo, grey);
  return grey;
}

/** Interleaved samples of grey, or of grey with alpha, as `channels` (3, or 4) of red, green and blue. */
export function inColours<S extends Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>>(
  grey: S,
  channels: number,
): S {
  const from = channels - 2;
  const pixels = grey.length / from;
  const result = (
    grey instanceof Uint16Array ? new Uint16Array(pixels * channels) : new Uint8Array(pixels * channels)
  ) as S;
  for (let i = 0, k = 0; i < grey.length; i += from, k += channels) {
    result[k] = result[k + 1] = result[k + 2] = grey[i]!;
    if (channels === 4) result[k + 3] = grey[i + 1]!;
  }
  return result;
}
