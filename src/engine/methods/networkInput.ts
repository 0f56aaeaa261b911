import { grow, intersect, wholeOf, type Rect } from '../../shared/geometry';
import { bleed, colourOf } from '../kernels/color/alpha';
import type { Photo } from '../photos/photo';
import { colourChannels, hasAlpha, raster, type Raster } from '../kernels/raster';
import type { Window } from '../kernels/window';

/** How far colours grow into what is transparent, for networks to see. */
const BLEED_RADIUS = 16;

/** At least `needed` of a photo; where it has alpha, colours have grown into what is transparent. */
export async function readPhoto(
  photo: Photo,
  needed: Rect<'source'>,
  signal: AbortSignal,
): Promise<Window<'source'>> {
  if (!hasAlpha(photo)) return { rect: needed, pixels: await photo.read(needed, { signal }) };
  const around = intersect(grow(needed, BLEED_RADIUS), wholeOf<'source'>(photo.info));
  return { rect: around, pixels: bleed(await photo.read(around, { signal }), BLEED_RADIUS) };
}

/** The colours that a network for RGB sees, as memory of its own. */
export function rgbOf(pixels: Raster): Raster {
  const colours = colourOf(pixels);
  return colourChannels(colours) === 3 ? ownCopy(colours) : tripled(colours);
}

/** The source itself is given away to the finishing; the network keeps its own. */
const ownCopy = (of: Raster): Raster => raster(of.width, of.height, of.channels, of.data.slice());

function tripled(grey: Raster): Raster {
  const colours = raster(grey.width, grey.height, 3);
  for (let c = 0; c < 3; c++) colours.data.set(grey.data, c * grey.data.length);
  return colours;
}
