/**
 * Random numbers that are the same for the same seed (mulberry32, Tommy Ettinger 2017, public domain).
 * @param {number} seed
 */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** A whole number from 0 to below `end`. */
    below: (/** @type {number} */ end) => Math.floor(next() * end),
    /** @template T @param {readonly T[]} list @returns {T} */
    of: (list) => list[Math.floor(next() * list.length)],
  };
}

/** @typedef {ReturnType<typeof randomOf>} Random */
