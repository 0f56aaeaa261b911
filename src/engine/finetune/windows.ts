import { rect, type Rect, type Size } from '../../shared/geometry';
import { colourChannels, plane, type Raster } from '../kernels/raster';

/** Squares of a side that lie beside each other in a picture, as many as fit, around its middle. */
export function windowsIn({ width, height }: Size, side: number): Rect<'source'>[] {
  const [columns, rows] = [Math.floor(width / side), Math.floor(height / side)];
  const [left, top] = [(width - columns * side) >> 1, (height - rows * side) >> 1];
  return Array.from({ length: columns * rows }, (_, k) =>
    rect<'source'>(left + (k % columns) * side, top + Math.floor(k / columns) * side, side, side),
  );
}

/** How much there is to learn from a picture: the mean difference of neighbours, over its colours. */
export function detailOf(picture: Raster): number {
  const { width, height } = picture;
  const channels = colourChannels(picture);
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    const values = plane(picture, c);
    for (let y = 1; y < height; y++) {
      for (let x = 1, at = y * width + 1; x < width; x++, at++) {
        sum += Math.abs(values[at]! - values[at - 1]!) + Math.abs(values[at]! - values[at - width]!);
      }
    }
  }
  return sum / Math.max(1, channels * (width - 1) * (height - 1));
}

/** The places of the largest numbers, `count` at most, in their own order. */
export function largest(of: readonly number[], count: number): number[] {
  const order = of.map((_, k) => k).sort((a, b) => of[b]! - of[a]! || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}

/** Places spread evenly over the upper half of the numbers: what is measured is neither only edges nor only sky. */
export function spread(of: readonly number[], count: number): number[] {
  const order = of.map((_, k) => k).sort((a, b) => of[b]! - of[a]! || a - b);
  const upper = order.slice(0, Math.max(count, Math.ceil(order.length / 2)));
  const taken = Math.min(count, upper.length);
  return Array.from({ length: taken }, (_, k) => upper[Math.floor(((k + 0.5) * upper.length) / taken)]!).sort(
    (a, b) => a - b,
  );
}
