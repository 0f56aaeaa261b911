import { raster, type Raster } from './raster';

/** Taps lie within so many standard deviations, and one more. */
const REACH = 2.5;

/** A mirrored place, the edge itself not repeated; `at` less than `length` outside. */
const mirrored = (at: number, length: number): number =>
  at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at;

/**
 * A Gaussian low-pass of every channel, edges mirrored: the low frequencies that frequency-specific cross-entropy
 * regresses.
 * @param sigma standard deviation in pixels; the filter is cut off at 2.5 of them, and at the picture's side.
 */
export function lowPass({ width, height, channels, data }: Raster, sigma: number): Raster {
  const radius = Math.min(Math.floor(REACH * sigma) + 1, Math.min(width, height) - 1);
  const taps = Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = taps.reduce((all, tap) => all + tap, 0);
  const kernel = Float64Array.from(taps, (tap) => tap / sum);
  const [rows, out] = [raster(width, height, channels), raster(width, height, channels)];
  const pass = (
    from: Float32Array,
    into: Float32Array,
    step: number,
    length: number,
    at: (k: number) => number,
  ): void => {
    for (let k = 0; k < from.length; k++) {
      const place = at(k);
      let value = 0;
      for (let tap = -radius; tap <= radius; tap++)
        value += kernel[tap + radius]! * from[k + (mirrored(place + tap, length) - place) * step]!;
      into[k] = value;
    }
  };
  pass(data, rows.data, 1, width, (k) => k % width);
  pass(rows.data, out.data, width, height, (k) => Math.floor(k / width) % height);
  return out;
}
