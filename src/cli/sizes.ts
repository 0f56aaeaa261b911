import { FaultError } from '../shared/faults';
import {
  contains,
  outputRect,
  SCALE_MAX,
  SCALE_MIN,
  wholeOf,
  type Rect,
  type Size,
} from '../shared/geometry';
import type { PrintSize } from './printSize';

/** How large the user asked the result to be. */
export type Target =
  | { readonly by: 'scale'; readonly scale: number }
  | { readonly by: 'width' | 'height'; readonly pixels: number }
  | { readonly by: 'print'; readonly print: PrintSize };

type Side = 'width' | 'height';

/**
 * The scale at which `side` of the region's output has exactly `pixels` pixels. Division alone can round to
 * the neighbouring pixel where a region starts on a half, so the next few floats are tried as well.
 */
function scaleReaching(pixels: number, side: Side, region: Rect<'source'>, photo: Size): number {
  const exact = pixels / region[side];
  const candidates = [0, 1, -1, 2, -2, 4, -4, 8, -8].map((steps) => exact * (1 + steps * Number.EPSILON));
  return (
    candidates.find(
      (scale) =>
        scale >= SCALE_MIN && scale <= SCALE_MAX && outputRect(region, photo, scale)[side] === pixels,
    ) ?? exact
  );
}

/**
 * The scale, 1 to 30, that brings the photo (or its region) to the size asked for.
 * Throws the faults `bad-region` and `bad-scale`, which name the option.
 */
export function scaleFor(target: Target, photo: Size, region: Rect<'source'> | undefined): number {
  if (region && !contains(wholeOf(photo), region)) {
    throw new FaultError(
      'bad-region',
      `Expected --region to lie inside the photo, which is ${photo.width} x ${photo.height} pixels, received ${region.x},${region.y},${region.width},${region.height}.`,
    );
  }
  if (target.by === 'scale') return target.scale;
  const part = region ?? wholeOf<'source'>(photo);
  const side: Side = target.by === 'print' ? (part.width >= part.height ? 'width' : 'height') : target.by;
  const pixels = target.by === 'print' ? target.print.longSidePixels : target.pixels;
  const length = part[side];
  if (pixels < length * SCALE_MIN || pixels > length * SCALE_MAX) {
    const what = region ? 'region' : 'photo';
    throw new FaultError(
      'bad-scale',
      `Expected --${target.by} to be ${SCALE_MIN} to ${SCALE_MAX} times the ${what}'s ${side} of ${length} pixels, received ${pixels} pixels; ask for ${length * SCALE_MIN} to ${length * SCALE_MAX}.`,
    );
  }
  return scaleReaching(pixels, side, part, photo);
}
