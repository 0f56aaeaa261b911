/** Numbers in [0, 1) that follow from a seed and a step alone: a run that goes on draws what it would have drawn. */
export type Draw = () => number;

/** mulberry32 (Tommy Ettinger, public domain), begun anew for every step. */
export function drawOf(seed: number, step: number): Draw {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
