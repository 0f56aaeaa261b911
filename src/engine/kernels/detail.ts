import { rect, type Rect, type Size } from '../../shared/geometry';
import type { Samples } from './metrics/luma';

/** Places that are tried along a part's side. */
const PLACES = 4;

/** Sums over rectangles that begin at the origin: [height + 1][width + 1]. */
function summed(values: Float64Array, width: number, height: number): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += values[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return sums;
}

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

const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * The parts of a picture with the most detail, best first: at most `count` of `part`'s size, none on another. The
 * whole, where the picture is no larger than a part. `luma`: samples of the picture or of it reduced.
 */
export function detailedParts(luma: Samples, part: Size, count: number): Rect[] {
  const { width, height } = luma;
  const size = { width: Math.min(part.width, width), height: Math.min(part.height, height) };
  const sums = summed(detailOf(luma), width, height);
  const at = (x: number, y: number): number => sums[y * (width + 1) + x]!;
  const places = (length: number, side: number): number[] => {
    const step = Math.max(1, Math.floor(side / PLACES));
    const all = Array.from({ length: Math.floor((length - side) / step) + 1 }, (_, k) => k * step);
    return all.at(-1) === length - side ? all : [...all, length - side];
  };
  const candidates = places(height, size.height).flatMap((y) =>
    places(width, size.width).map((x) => {
      const [right, bottom] = [x + size.width, y + size.height];
      return {
        place: rect(x, y, size.width, size.height),
        detail: at(right, bottom) - at(x, bottom) - at(right, y) + at(x, y),
      };
    }),
  );
  candidates.sort((a, b) => b.detail - a.detail);
  const chosen: Rect[] = [];
  for (const { place } of candidates) {
    if (chosen.length === count) break;
    if (!chosen.some((other) => overlaps(other, place))) chosen.push(place);
  }
  return chosen;
}
