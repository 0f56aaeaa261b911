import type { Samples } from './samples';

/** How far a result lies right of and below its reference, in pixels. */
export interface Shift {
  readonly x: number;
  readonly y: number;
}

/** Whole pixels that are tried to each side before the fine search. */
const COARSE = 3;
/** Pixels at the edges that shifting and blurring reach. */
const MARGIN = COARSE + 6;
const STEPS = 8;
/** Every so many pixels are enough: blurred pictures change slowly. */
const STRIDE = 2;
/** A shift is told from here on: less changes no figure by much. */
const TOLD_FROM = 0.2;
/** It must explain so much of what differs between the blurred pictures: noise and ringing are no shift. */
const EXPLAINED = 0.3;
/** Variance below which there is nothing to hold on to. */
const FLAT = 0.5;

/**
 * [1 4 6 4 1] / 16 along lines of `length` values, `step` from one to the next, of which so many begin `between` apart;
 * beyond their ends lies their last value.
 */
function smooth(
  from: Float64Array,
  into: Float64Array,
  { length, step, lines, between }: Readonly<Record<'length' | 'step' | 'lines' | 'between', number>>,
): void {
  for (let line = 0; line < lines; line++) {
    const start = line * between;
    for (let at = 0; at < length; at++) {
      const i = start + at * step;
      const [before, after] = [Math.min(at, 1) * step, Math.min(length - 1 - at, 1) * step];
      const [far, beyond] = [Math.min(at, 2) * step, Math.min(length - 1 - at, 2) * step];
      into[i] =
        (from[i - far]! + from[i + beyond]! + 4 * (from[i - before]! + from[i + after]!) + 6 * from[i]!) / 16;
    }
  }
}

/** Blurred alike, so that what a method invented or left out counts little: `smooth` thrice along both axes. */
function blurred({ width, height, values }: Samples): Float64Array {
  const now = Float64Array.from(values);
  const next = new Float64Array(now.length);
  for (let round = 0; round < 3; round++) {
    smooth(now, next, { length: width, step: 1, lines: height, between: width });
    smooth(next, now, { length: height, step: width, lines: width, between: 1 });
  }
  return now;
}

/** A value between pixels, bilinear: blurred pictures have nothing finer. */
function sampled(values: Float64Array, width: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - left, y - top];
  const i = top * width + left;
  return (
    (1 - v) * ((1 - u) * values[i]! + u * values[i + 1]!) +
    v * ((1 - u) * values[i + width]! + u * values[i + width + 1]!)
  );
}

/**
 * The shift between a reference and a result of one size, samples in [0, 255], from about -4 to 4 pixels along each
 * axis: whole pixels by trying, then the least squares of Lucas, Kanade (1981) on both pictures blurred. Null where
 * they lie alike to a fifth of a pixel, or nothing can be told. Parts of pictures are enough: `pieces` are pairs of
 * the same place.
 */
export function shiftBetween(pieces: readonly (readonly [Samples, Samples])[]): Shift | null {
  const usable = pieces
    .filter(([{ width, height }]) => Math.min(width, height) > 2 * MARGIN + 8)
    .map(([reference, result]) => {
      const { width, height } = reference;
      return { width, height, reference: blurred(reference), result: blurred(result) };
    });
  const walk = (visit: (piece: (typeof usable)[number], i: number, x: number, y: number) => void): void => {
    for (const piece of usable) {
      for (let y = MARGIN; y < piece.height - MARGIN; y += STRIDE) {
        for (let x = MARGIN; x < piece.width - MARGIN; x += STRIDE) visit(piece, y * piece.width + x, x, y);
      }
    }
  };
  const errorAt = ({ x: dx, y: dy }: Shift): number => {
    let sum = 0;
    walk(({ reference, result, width }, i, x, y) => {
      sum += (sampled(result, width, x + dx, y + dy) - reference[i]!) ** 2;
    });
    return sum;
  };
  let [count, texture] = [0, 0];
  walk(({ reference, width }, i) => {
    count += 1;
    texture +=
      (reference[i + 1]! - reference[i - 1]!) ** 2 + (reference[i + width]! - reference[i - width]!) ** 2;
  });
  if (count === 0 || texture / count < FLAT) return null;

  const still = errorAt({ x: 0, y: 0 });
  let best: Shift = { x: 0, y: 0 };
  let least = still;
  for (let y = -COARSE; y <= COARSE; y++) {
    for (let x = -COARSE; x <= COARSE; x++) {
      const error = errorAt({ x, y });
      if (error < least) [best, least] = [{ x, y }, error];
    }
  }
  for (let step = 0; step < STEPS; step++) {
    let [xx, xy, yy, ex, ey] = [0, 0, 0, 0, 0];
    walk(({ reference, result, width }, i, x, y) => {
      const at = (dx: number, dy: number): number => sampled(result, width, x + best.x + dx, y + best.y + dy);
      const across = (at(1, 0) - at(-1, 0)) / 2;
      const down = (at(0, 1) - at(0, -1)) / 2;
      const error = reference[i]! - at(0, 0);
      xx += across * across;
      xy += across * down;
      yy += down * down;
      ex += across * error;
      ey += down * error;
    });
    const determinant = xx * yy - xy * xy;
    if (!(determinant > 1e-6 * (xx + yy) ** 2)) return null; // edges of one direction alone do not tell both
    const move = { x: (yy * ex - xy * ey) / determinant, y: (xx * ey - xy * ex) / determinant };
    best = { x: best.x + move.x, y: best.y + move.y };
    if (Math.max(Math.abs(best.x), Math.abs(best.y)) > COARSE + 1) return null;
    if (Math.hypot(move.x, move.y) < 1e-3) break;
  }
  const isTold = Math.hypot(best.x, best.y) >= TOLD_FROM && errorAt(best) <= (1 - EXPLAINED) * still;
  return isTold ? best : null;
}
