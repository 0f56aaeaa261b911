import { raster, type Raster } from './raster';

/**
 * Every channel filtered by a Gaussian, along rows and then along columns.
 * @param sigma standard deviation in pixels, above 0.
 * @param radius taps on each side of a pixel; those there are add up to 1.
 * @param mirrored the place inside an axis of a length that stands for one beyond it, by up to `radius`.
 */
export function gaussianFilter(
  picture: Raster,
  sigma: number,
  radius: number,
  mirrored: (at: number, length: number) => number,
): Raster {
  const taps = Float32Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = taps.reduce((all, tap) => all + tap, 0);
  const { width, height, channels } = picture;
  const along = (
    source: Float32Array,
    length: number,
    step: number,
    offset: number,
    out: Float32Array,
  ): void => {
    for (let at = 0; at < length; at++) {
      let value = 0;
      for (let k = -radius; k <= radius; k++) {
        value += taps[k + radius]! * source[offset + mirrored(at + k, length) * step]!;
      }
      out[offset + at * step] = value / sum;
    }
  };
  const across = new Float32Array(picture.data.length);
  for (let row = 0; row < height * channels; row++) along(picture.data, width, 1, row * width, across);
  const result = raster(width, height, channels);
  for (let c = 0; c < channels; c++) {
    for (let x = 0; x < width; x++) along(across, height, width, c * width * height + x, result.data);
  }
  return result;
}
