import { contains, placeText, type Rect, type Space } from '../../shared/geometry';
import { raster, type Raster } from './raster';

/** Pixels of a rectangle of some grid. */
export interface Window<S extends Space = Space> {
  readonly rect: Rect<S>;
  /** Of the rectangle's size. */
  readonly pixels: Raster;
}

/** Copies `part` (inside both) of a window into the same place of another. */
export function copyPart(from: Window, into: Window, part: Rect): void {
  for (let c = 0; c < into.pixels.channels; c++) {
    for (let y = 0; y < part.height; y++) {
      const row = (c * from.rect.height + part.y - from.rect.y + y) * from.rect.width + part.x - from.rect.x;
      const at = (c * into.rect.height + part.y - into.rect.y + y) * into.rect.width + part.x - into.rect.x;
      into.pixels.data.set(from.pixels.data.subarray(row, row + part.width), at);
    }
  }
}

/** The pixels of `part` alone: the window's own raster where it is the whole of it, else a copy. */
export function cutOut(from: Window, part: Rect): Raster {
  if (!contains(from.rect, part)) {
    throw new RangeError(`expected a part of ${placeText(from.rect)}, received ${placeText(part)}`);
  }
  if (part.width === from.rect.width && part.height === from.rect.height) return from.pixels;
  const pixels = raster(part.width, part.height, from.pixels.channels);
  copyPart(from, { rect: part, pixels }, part);
  return pixels;
}
