import type { Rect, Size } from '../../shared/geometry';

/**
 * Sums of values over any rectangle at four look-ups (Crow, "Summed-area tables for texture mapping", 1984).
 * `values`: one for each pixel of a picture of `size`, row by row.
 */
export function summedArea(values: Float64Array, { width, height }: Size): (part: Rect) => number {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += values[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  return ({ x, y, width: across, height: down }) => {
    const [top, bottom] = [y * stride, (y + down) * stride];
    return sums[bottom + x + across]! - sums[bottom + x]! - sums[top + x + across]! + sums[top + x]!;
  };
}
