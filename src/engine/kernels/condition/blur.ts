import type { Samples } from '../metrics/samples';

/** A Gaussian of variance 1 (and of 4, with its taps two pixels apart). */
const TAPS = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16] as const;
/** Pixels at each edge that the two filters take from outside. */
const REACH = 6;
/** What independent noise of variance 1 adds to the variance of each octave. */
const NOISE_FINEST = 0.7935;
const NOISE_NEXT = 0.0403;
/** Variance in squared steps of 8 bits below which the second octave holds nothing to compare with. */
const NOTHING = 0.05;
const BLUR_MAX = 6;

/** Filtered by TAPS, `spread` pixels apart, along rows and columns; edges repeated. */
function softened(
  values: Float32Array,
  width: number,
  height: number,
  spread: number,
): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(values.length);
  const out = new Float32Array(values.length);
  const pass = (from: Float32Array, into: Float32Array, across: boolean): void => {
    const last = (across ? width : height) - 1;
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const at = across ? x : y;
        const step = across ? 1 : width;
        let sum = 0;
        for (let tap = 0; tap < TAPS.length; tap++) {
          const there = Math.min(last, Math.max(0, at + (tap - 2) * spread));
          sum += TAPS[tap]! * from[i + (there - at) * step]!;
        }
        into[i] = sum;
      }
    }
  };
  pass(values, rows, true);
  pass(rows, out, false);
  return out;
}

/** What a photograph whose amplitudes fall as 1 / f and that was blurred by `blur` has: see `blurWidth`. */
function ratioOf(blur: number): number {
  const s = blur * blur;
  const finest = Math.log((s + 0.5) ** 2 / (s * (s + 1)));
  const next = Math.log((s + 3) ** 2 / ((s + 1) * (s + 5)));
  return Math.sqrt(finest / next);
}

/**
 * How blurred a picture is: the standard deviation in pixels of the Gaussian that would make it of a photograph
 * without any end to its detail, whose amplitudes fall as 1 / f. Sharp photographs have 0.3 to 0.8 (their lens and
 * sensor), one that was enlarged twice about 1. Measured by the ratio of what two octaves hold: with filters and blur
 * Gaussian, both are closed integrals over exp(-a w^2) / w. Noise, as `noiseLevel` has it, is taken off.
 * `pieces`: parts of one picture, samples in [0, 255]. Null where there is too little detail to tell.
 */
export function blurWidth(pieces: readonly Samples[], noise: number): number | null {
  let [finest, next, count] = [0, 0, 0];
  for (const { width, height, values } of pieces) {
    const soft = softened(values, width, height, 1);
    const softer = softened(soft, width, height, 2);
    for (let y = REACH; y < height - REACH; y++) {
      for (let i = y * width + REACH; i < (y + 1) * width - REACH; i++) {
        finest += (values[i]! - soft[i]!) ** 2;
        next += (soft[i]! - softer[i]!) ** 2;
        count += 1;
      }
    }
  }
  finest = Math.max(0, finest / count - NOISE_FINEST * noise * noise);
  next = next / count - NOISE_NEXT * noise * noise;
  if (!(next > NOTHING)) return null;
  const ratio = Math.sqrt(finest / next);
  let [sharper, blurrier] = [0.01, BLUR_MAX];
  for (let step = 0; step < 30; step++) {
    const middle = (sharper + blurrier) / 2;
    if (ratioOf(middle) > ratio) sharper = middle;
    else blurrier = middle;
  }
  return sharper;
}
