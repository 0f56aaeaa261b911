import { rect, type Rect, type Size, type Space } from '../../shared/geometry';
import { raster, type Raster } from './raster';

/**
 * The eight flips and rotations of a picture, numbered as EXIF's Orientation: n turns a picture that is
 * stored with orientation n upright. 1 leaves it, 2 mirrors left and right, 3 turns by 180 degrees,
 * 4 mirrors top and bottom, 5 transposes, 6 turns 90 degrees clockwise, 7 transposes the other diagonal,
 * 8 turns 90 degrees anticlockwise.
 */
export const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type Orientation = (typeof ORIENTATIONS)[number];
export const UPRIGHT: Orientation = 1;

/** Each as: rows and columns exchanged first, then mirrored left-right, then top-bottom. */
export interface Moves {
  readonly transposes: boolean;
  readonly mirrorsX: boolean;
  readonly mirrorsY: boolean;
}

const moves = (transposes: boolean, mirrorsX: boolean, mirrorsY: boolean): Moves => ({
  transposes,
  mirrorsX,
  mirrorsY,
});

const MOVES: Readonly<Record<Orientation, Moves>> = {
  1: moves(false, false, false),
  2: moves(false, true, false),
  3: moves(false, true, true),
  4: moves(false, false, true),
  5: moves(true, false, false),
  6: moves(true, true, false),
  7: moves(true, true, true),
  8: moves(true, false, true),
};

/** What an orientation does to a picture. */
export const movesOf = (orientation: Orientation): Moves => MOVES[orientation];

/** The one that undoes it: the two quarter turns undo each other, all others themselves. */
export function inverseOf(orientation: Orientation): Orientation {
  if (orientation === 6) return 8;
  return orientation === 8 ? 6 : orientation;
}

export const orientedSize = ({ width, height }: Size, orientation: Orientation): Size =>
  MOVES[orientation].transposes ? { width: height, height: width } : { width, height };

/** Where a rectangle of a picture of `size` lies in the oriented picture. */
export function orientRect<S extends Space>(of: Rect<S>, size: Size, orientation: Orientation): Rect<S> {
  const { transposes, mirrorsX, mirrorsY } = MOVES[orientation];
  const whole = orientedSize(size, orientation);
  const turned = transposes ? rect<S>(of.y, of.x, of.height, of.width) : of;
  return rect<S>(
    mirrorsX ? whole.width - turned.x - turned.width : turned.x,
    mirrorsY ? whole.height - turned.y - turned.height : turned.y,
    turned.width,
    turned.height,
  );
}

/** The oriented picture, as a new raster (for 1 the raster itself). */
export function orient(source: Raster, orientation: Orientation): Raster {
  if (orientation === 1) return source;
  const { transposes, mirrorsX, mirrorsY } = MOVES[orientation];
  const { width, height } = orientedSize(source, orientation);
  const across = transposes ? source.width : 1;
  const down = transposes ? 1 : source.width;
  const origin = (mirrorsX ? (width - 1) * across : 0) + (mirrorsY ? (height - 1) * down : 0);
  const stepX = mirrorsX ? -across : across;
  const stepY = mirrorsY ? -down : down;
  const result = raster(width, height, source.channels);
  for (let c = 0, k = 0; c < source.channels; c++) {
    for (let y = 0; y < height; y++) {
      let from = c * width * height + origin + y * stepY;
      for (let x = 0; x < width; x++, k++, from += stepX) result.data[k] = source.data[from]!;
    }
  }
  return result;
}
