import { wholeOf, type Rect, type Size } from '../../../shared/geometry';
import { inverseOf, orient, orientedSize, orientRect, type Orientation } from '../../kernels/orient';
import type { Photo } from '../../photos/photo';
import type { Raster } from '../../kernels/raster';
import { cutMirrored, mirroredSource } from '../../kernels/margin';
import { cutOut } from '../../kernels/window';
import { readPhoto, rgbOf } from '../networkInput';
import { photoKey } from '../photoKey';

/** A photo as networks see it: RGB, in one of its eight orientations. */
export interface NetworkPhoto {
  readonly size: Size;
  /** Tells it from every other photo and orientation. */
  readonly key: string;
  /** `part` may reach beyond the photo, which is mirrored there. */
  read(part: Rect<'source'>, signal: AbortSignal): Promise<Raster>;
}

export function networkPhotoOf(photo: Photo, orientation: Orientation): NetworkPhoto {
  const size = orientedSize(photo.info, orientation);
  return {
    size,
    key: `${photoKey(photo)}|${orientation}`,
    async read(part, signal) {
      const inside = mirroredSource(part, size) as Rect<'source'>;
      const upright = orientRect(inside, size, inverseOf(orientation));
      const window = await readPhoto(photo, upright, signal);
      const pixels = orient(rgbOf(cutOut(window, upright)), orientation);
      return cutMirrored({ rect: inside, pixels }, part, size);
    },
  };
}

/** All of a seen photo. */
export const wholeOfPhoto = ({ size }: NetworkPhoto): Rect<'source'> => wholeOf<'source'>(size);
