import { rect, type Rect, type Size } from '../../shared/geometry';
import { plane, colourChannels, type Raster } from '../kernels/raster';

/** Sums of a grid of values over rectangles from its upper left, one row and column longer. */
function summed(values: Float64Array, { width, height }: Size): Float64Array {
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

/** The mean of the colours' absolute differences from the pixels to the right and below. */
function detail(picture: Raster): Float64Array {
  const { width, height } = picture;
  const found = new Float64Array(width * height);
  for (let c = 0; c < colourChannels(picture); c++) {
    const values = plane(picture, c);
    for (let y = 0; y < height - 1; y++) {
      for (let x = 0; x < width - 1; x++) {
        const i = y * width + x;
        found[i]! += Math.abs(values[i + 1]! - values[i]!) + Math.abs(values[i + width]! - values[i]!);
      }
    }
  }
  return found;
}

/**
 * The `count` squares of `side` pixels with the most detail, none over another, the most detailed first; fewer
 * where there is no room for more. They lie on a grid of half their side. A square larger than the picture is
 * as large as fits.
 */
export function detailedPlaces(picture: Raster, side: number, count: number): Rect<'source'>[] {
  const { width, height } = picture;
  const [w, h] = [Math.min(side, width), Math.min(side, height)];
  const sums = summed(detail(picture), picture);
  const sumOf = (x: number, y: number): number =>
    sums[(y + h) * (width + 1) + x + w]! -
    sums[y * (width + 1) + x + w]! -
    sums[(y + h) * (width + 1) + x]! +
    sums[y * (width + 1) + x]!;
  const step = Math.max(1, Math.floor(side / 2));
  const places: { x: number; y: number; detail: number }[] = [];
  for (let y = 0; y <= height - h; y += step) {
    for (let x = 0; x <= width - w; x += step) places.push({ x, y, detail: sumOf(x, y) });
  }
  // Equal ones in reading order, so that the same photo gives the same places everywhere.
  places.sort((a, b) => b.detail - a.detail || a.y - b.y || a.x - b.x);
  const chosen: Rect<'source'>[] = [];
  for (const { x, y } of places) {
    if (chosen.length === count) break;
    const isFree = chosen.every((other) => Math.abs(other.x - x) >= w || Math.abs(other.y - y) >= h);
    if (isFree) chosen.push(rect<'source'>(x, y, w, h));
  }
  return chosen;
}

/** How much pictures of one size differ: the mean over pixels and colours of the variance between them. */
export function difference(pictures: readonly Raster[]): number {
  const [first] = pictures;
  if (!first || pictures.length < 2) return 0;
  const count = pictures.length;
  const length = colourChannels(first) * first.width * first.height;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    let mean = 0;
    let squares = 0;
    for (const { data } of pictures) {
      const value = Math.min(1, Math.max(0, data[i]!));
      mean += value / count;
      squares += (value * value) / count;
    }
    sum += Math.max(0, squares - mean * mean);
  }
  return sum / length;
}
