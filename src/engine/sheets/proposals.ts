import { rect, type Rect } from '../../shared/geometry';
import { apart } from '../kernels/detail';
import { plane, colourChannels, type Raster } from '../kernels/raster';
import { summedArea } from '../kernels/summedArea';

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
  const detailIn = summedArea(detail(picture), picture);
  const step = Math.max(1, Math.floor(side / 2));
  const places: { place: Rect<'source'>; detail: number }[] = [];
  for (let y = 0; y <= height - h; y += step) {
    for (let x = 0; x <= width - w; x += step) {
      const place = rect<'source'>(x, y, w, h);
      places.push({ place, detail: detailIn(place) });
    }
  }
  // Equal ones stay in reading order, so that the same photo gives the same places everywhere.
  places.sort((a, b) => b.detail - a.detail);
  return apart(
    places.map(({ place }) => place),
    count,
  );
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
