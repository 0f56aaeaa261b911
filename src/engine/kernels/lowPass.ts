import { gaussianFilter } from './gaussian';
import type { Raster } from './raster';

/** Taps lie within so many standard deviations, and one more. */
const REACH = 2.5;

/** A mirrored place, the edge itself not repeated; `at` less than `length` outside. */
const reflected = (at: number, length: number): number =>
  at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at;

/**
 * A Gaussian low-pass of every channel, edges mirrored: the low frequencies that frequency-specific cross-entropy
 * regresses.
 * @param sigma standard deviation in pixels; the filter is cut off at 2.5 of them, and at the picture's side.
 */
export function lowPass(picture: Raster, sigma: number): Raster {
  const radius = Math.min(Math.floor(REACH * sigma) + 1, Math.min(picture.width, picture.height) - 1);
  return gaussianFilter(picture, sigma, radius, reflected);
}
