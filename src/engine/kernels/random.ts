/** Numbers from 0 to below 1, one after another. */
export type Draw = () => number;

/** mulberry32 (Tommy Ettinger, public domain): the same numbers for a seed of 32 bits on every machine. */
export function mulberry32(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
