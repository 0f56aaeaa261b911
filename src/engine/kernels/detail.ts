import { intersect, isEmpty, rect, type Rect, type Size } from '../../shared/geometry';
import type { Samples } from './metrics/samples';
import { summedArea } from './summedArea';

/** Places that are tried along a part's side. */
const PLACES = 4;

/** The squared steps between neighbours: where a picture has edges and texture. */
function detailOf({ width, height, values }: Samples): Float64Array {
  const found = new Float64Array(width * height);
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const i = y * width + x;
      found[i] = (values[i + 1]! - values[i]!) ** 2 + (values[i + width]! - values[i]!) ** 2;
    }
  }
  return found;
}

/** The first `count` of places, best first, of which none lies on another. */
export function apart<R extends Rect>(places: Iterable<R>, count: number): R[] {
  const chosen: R[] = [];
  for (const place of places) {
    if (chosen.length === count) break;
    if (chosen.every((other) => isEmpty(intersect(other, place)))) chosen.push(place);
  }
  return chosen;
}

/**
 * The parts of a picture with the most detail, best first: at most `count` of `part`'s size, none on another. The
 * whole, where the picture is no larger than a part. `luma`: samples of the picture or of it reduced.
 */
export function detailedParts(luma: Samples, part: Size, count: number): Rect[] {
  const { width, height } = luma;
  const size = { width: Math.min(part.width, width), height: Math.min(part.height, height) };
  const detailIn = summedArea(detailOf(luma), luma);
  const places = (length: number, side: number): number[] => {
    const step = Math.max(1, Math.floor(side / PLACES));
    const all = Array.from({ length: Math.floor((length - side) / step) + 1 }, (_, k) => k * step);
    return all.at(-1) === length - side ? all : [...all, length - side];
  };
  const candidates = places(height, size.height).flatMap((y) =>
    places(width, size.width).map((x) => {
      const place = rect(x, y, size.width, size.height);
      return { place, detail: detailIn(place) };
    }),
  );
  candidates.sort((a, b) => b.detail - a.detail);
  return apart(
    candidates.map(({ place }) => place),
    count,
  );
}
