import type { PhotoInfo } from '../../shared/contract';
import { contains, placeText, wholeOf, type Rect } from '../../shared/geometry';
import type { Photo } from './photo';
import { hasAlpha, raster, type Raster } from '../kernels/raster';
import { copyPart } from '../kernels/window';

const nameless: Pick<
  PhotoInfo,
  'format' | 'depth' | 'profile' | 'density' | 'page' | 'pages' | 'embedded' | 'gainMap' | 'notes'
> = {
  format: 'memory',
  depth: 8,
  profile: null,
  density: null,
  page: 1,
  pages: 1,
  embedded: false,
  gainMap: false,
  notes: [],
};

/** A raster as a photo: what methods are measured on. It has no reduced levels. */
export function photoOf(pixels: Raster, name: string): Photo {
  const whole = wholeOf<'source'>(pixels);
  const { width, height, channels } = pixels;
  return {
    info: { ...nameless, name, width, height, grey: channels < 3, alpha: hasAlpha(pixels) },
    channels,
    levels: 0,
    decoded: () => 1,
    read(part: Rect<'source'>) {
      if (!contains(whole, part)) {
        return Promise.reject(
          new RangeError(
            `expected a part of the ${width} x ${height} pixels of ${name}, ` + `received ${placeText(part)}`,
          ),
        );
      }
      // Always a copy: whoever reads may give the pixels away.
      const copy = raster(part.width, part.height, channels);
      copyPart({ rect: whole, pixels }, { rect: part, pixels: copy }, part);
      return Promise.resolve(copy);
    },
    close: () => Promise.resolve(),
  };
}
