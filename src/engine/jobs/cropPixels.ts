import type { Rect } from '../../shared/geometry';
import { rect, wholeOf } from '../../shared/geometry';
import type { ColourTable } from '../kernels/color/lut';
import { raster, type Raster } from '../kernels/raster';
import { cutOut } from '../kernels/window';
import { screenPixels } from '../pixels/finish';

/** Pixels of a side, at most: as much as a panel shows beside its neighbours. */
export const CROP_SIDE = 144;

/** The middle of a rectangle, of at most `side` a side. */
export function middleOf({ x, y, width, height }: Rect, side: number): Rect {
  const [w, h] = [Math.min(width, side), Math.min(height, side)];
  return rect(x + Math.floor((width - w) / 2), y + Math.floor((height - h) / 2), w, h);
}

/** A part of a picture as it is shown: RGBA of 8 bits in sRGB, in base64. `table`: null where its colours are that. */
export function cropPixels(picture: Raster, at: Rect, table: ColourTable | null): string {
  const part = cutOut({ rect: wholeOf(picture), pixels: picture }, at);
  // A copy: finishing may overwrite what it is given.
  const own = raster(at.width, at.height, part.channels, part.data.slice());
  return screenPixels(own, table);
}
