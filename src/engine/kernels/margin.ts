import { contains, rect, right, bottom, wholeOf, type Rect, type Size } from '../../shared/geometry';
import { raster, type Raster } from './raster';
import { mirrored } from './resample/weights';
import { cutOut, type Window } from './window';

/** The lowest and the highest pixel that pixels `from` to below `to` of an axis are mirror images of. */
function hullOf(from: number, to: number, length: number): [number, number] {
  let [low, high] = [length, -1];
  // Beyond the photo's own length everything repeats.
  for (let i = from; i < Math.min(to, from + 2 * length); i++) {
    const at = mirrored(i, length);
    [low, high] = [Math.min(low, at), Math.max(high, at)];
  }
  return [low, high];
}

/** The pixels of a picture of `size` that `part`, which may reach beyond it, consists of when it is mirrored there. */
export function mirroredSource(part: Rect, size: Size): Rect {
  if (contains(wholeOf(size), part)) return part;
  const [left, end] = hullOf(part.x, right(part), size.width);
  const [top, foot] = hullOf(part.y, bottom(part), size.height);
  return rect(left, top, end - left + 1, foot - top + 1);
}

/**
 * `part` of a picture of `size`, mirrored beyond its border (its outermost pixels twice, as the resampling kernels
 * see it). `window` holds at least what `mirroredSource` says.
 */
export function cutMirrored(window: Window, part: Rect, size: Size): Raster {
  if (contains(wholeOf(size), part)) return cutOut(window, part);
  const { pixels, rect: given } = window;
  const into = raster(part.width, part.height, pixels.channels);
  const columns = Int32Array.from(
    { length: part.width },
    (_, x) => mirrored(part.x + x, size.width) - given.x,
  );
  for (let c = 0, k = 0; c < pixels.channels; c++) {
    for (let y = 0; y < part.height; y++) {
      const row = (c * given.height + mirrored(part.y + y, size.height) - given.y) * given.width;
      for (let x = 0; x < part.width; x++, k++) into.data[k] = pixels.data[row + columns[x]!]!;
    }
  }
  return into;
}
