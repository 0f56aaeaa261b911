import { mulberry32, type Draw } from '../kernels/random';

/** Numbers that follow from a seed and a step alone: a run that goes on draws what it would have drawn. */
export const drawOf = (seed: number, step: number): Draw =>
  mulberry32(Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b));

/** A whole number from 0 to below `count`. */
export const wholeBelow = (draw: Draw, count: number): number => Math.floor(draw() * count);

/** A number of the normal distribution (Box and Muller, 1958). */
export const normal = (draw: Draw): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

/** Where a share in [0, 1) falls among weights of 0 or more, in proportion to them; the first where all are 0. */
export function placeIn(weights: ArrayLike<number>, share: number): number {
  let total = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k]!;
  let left = share * total;
  for (let k = 0; k < weights.length; k++) {
    left -= weights[k]!;
    if (left < 0) return k;
  }
  return 0;
}
