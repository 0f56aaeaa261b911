import { raster, type Raster } from '../../src/engine/kernels/raster';

/** Pseudo-random numbers that are the same in every run of a test (mulberry32). */
export interface Seeded {
  /** A real number, `low` to below `high`. */
  real(low?: number, high?: number): number;
  /** A whole number, `low` to `high`, both possible. */
  whole(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  /** Noise in [0, 1). */
  picture(width: number, height: number, channels: number): Raster;
}

export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const real = (low = 0, high = 1): number => low + (high - low) * next();
  const whole = (low: number, high: number): number => Math.floor(real(low, high + 1));
  return {
    real,
    whole,
    pick: (from) => from[whole(0, from.length - 1)]!,
    picture: (width, height, channels) =>
      raster(
        width,
        height,
        channels,
        Float32Array.from({ length: width * height * channels }, () => next()),
      ),
  };
}

/** The largest difference between two lists of numbers of one length; infinite where the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** A rectangle of a picture, as a new raster. */
export function cropped(
  of: Raster,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): Raster {
  const result = raster(width, height, of.channels);
  for (let c = 0, k = 0; c < of.channels; c++) {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++, k++) {
        result.data[k] = of.data[(c * of.height + row) * of.width + column]!;
      }
    }
  }
  return result;
}
