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
  // Of each row what lies inside the picture is copied in one go, the few pixels beside it one by one.
  const [left, end] = [Math.max(part.x, 0), Math.min(right(part), size.width)];
  const beside = Array.from({ length: part.width }, (_, x) => part.x + x).filter((x) => x < left || x >= end);
  for (let c = 0; c < pixels.channels; c++) {
    for (let y = 0; y < part.height; y++) {
      const from = (c * given.height + mirrored(part.y + y, size.height) - given.y) * given.width - given.x;
      const at = (c * part.height + y) * part.width - part.x;
      if (left < end) into.data.set(pixels.data.subarray(from + left, from + end), at + left);
      for (const x of beside) into.data[at + x] = pixels.data[from + mirrored(x, size.width)]!;
    }
  }
  return into;
}
