import type { Size } from '../../../shared/geometry';
import { wholeOf } from '../../../shared/geometry';
import type { FilePhoto } from '../../codec/read/open';
import type { ColourTable } from '../../kernels/color/lut';
import { colourChannels, plane, raster, type Raster } from '../../kernels/raster';
import { finishAs } from '../../pixels/finish';
import { drawnPicture } from '../../sheets/canvas';
import type { SheetPicture } from '../../sheets/drawing';

/** A photo on a sheet has at most this many pixels on its long side. */
const PHOTO_SIDE = 1600;
/** What an error map is multiplied by; the caption says so. */
const ERROR_GAIN = 8;

/** A picture in sRGB of 8 bits, laid onto a background (`#rrggbb`) where it has alpha. */
export function shown(picture: Raster, table: ColourTable | null, background: string): SheetPicture {
  const { width, height, channels } = picture;
  const rgba = finishAs(raster(width, height, channels, picture.data.slice()), { to: 'rgba', table });
  const ground = [1, 3, 5].map((at) => Number.parseInt(background.slice(at, at + 2), 16));
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0, from = 0; i < rgb.length; i += 3, from += 4) {
    const alpha = rgba[from + 3]! / 255;
    for (let c = 0; c < 3; c++) rgb[i + c] = Math.round(rgba[from + c]! * alpha + ground[c]! * (1 - alpha));
  }
  return { width, height, rgb };
}

/** How far two pictures of one size are apart: the mean absolute difference of their colours, as grey. */
export function errorPicture(truth: Raster, result: Raster): SheetPicture {
  const { width, height } = truth;
  const colours = Math.max(colourChannels(truth), colourChannels(result));
  const rgb = new Uint8Array(3 * width * height);
  const planesOf = (picture: Raster): Float32Array[] =>
    Array.from({ length: colours }, (_, c) => plane(picture, Math.min(c, colourChannels(picture) - 1)));
  const [ours, theirs] = [planesOf(truth), planesOf(result)];
  for (let i = 0; i < width * height; i++) {
    let sum = 0;
    for (let c = 0; c < colours; c++) sum += Math.abs(ours[c]![i]! - theirs[c]![i]!) / colours;
    rgb.fill(Math.min(255, Math.round(sum * 255 * ERROR_GAIN)), 3 * i, 3 * i + 3);
  }
  return { width, height, rgb };
}

/** A photo as a sheet shows it: whole, and no larger than print needs. */
export async function shownPhoto(
  photo: FilePhoto,
  table: ColourTable | null,
  background: string,
  signal: AbortSignal,
): Promise<SheetPicture> {
  const { width, height } = photo.info;
  let level = 0;
  while (level < photo.levels && Math.max(width, height) / 2 ** (level + 1) >= PHOTO_SIDE) level++;
  const size: Size = { width: Math.ceil(width / 2 ** level), height: Math.ceil(height / 2 ** level) };
  const read = await photo.read(wholeOf<'source'>(size), { level, signal });
  const picture = shown(read, table, background);
  const long = Math.max(size.width, size.height);
  if (long <= PHOTO_SIDE) return picture;
  const to = {
    width: Math.max(1, Math.round((size.width * PHOTO_SIDE) / long)),
    height: Math.max(1, Math.round((size.height * PHOTO_SIDE) / long)),
  };
  return drawnPicture(picture, to, true);
}
