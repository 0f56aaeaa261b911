/** Ways to damage bytes: each takes a whole file and gives another. */

/** Numbers at which readers stumble: nothing, signs, and the largest of each width. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** @typedef {import('./random.mjs').Random} Random */
/** @type {Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>>} */
export const MUTATORS = {
  flipBits(bytes, random) {
    const damaged = Buffer.from(bytes);
    for (let k = 1 + random.below(8); k > 0; k--)
      damaged[random.below(damaged.length)] ^= 1 << random.below(8);
    return damaged;
  },
  truncate: (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  wipe(bytes, random) {
    const damaged = Buffer.from(bytes);
    const start = random.below(damaged.length);
    return damaged.fill(random.of([0, 0xff]), start, Math.min(damaged.length, start + 1 + random.below(64)));
  },
  extreme(bytes, random) {
    const damaged = Buffer.from(bytes);
    if (damaged.length < 4) return damaged;
    // The start of a file holds its sizes and offsets.
    const at = random.below(random.of([Math.min(512, damaged.length - 3), damaged.length - 3]));
    const value = random.of(EXTREMES);
    if (random.below(2) === 0) damaged.writeUInt32BE(value, at);
    else damaged.writeUInt32LE(value, at);
    return damaged;
  },
  repeat(bytes, random) {
    const start = random.below(bytes.length);
    const slice = bytes.subarray(start, start + 1 + random.below(256));
    return Buffer.concat([bytes.subarray(0, start), slice, slice, bytes.subarray(start)]);
  },
  cut(bytes, random) {
    const start = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + random.below(256))]);
  },
  insert(bytes, random) {
    const at = random.below(bytes.length);
    const noise = Buffer.from(Array.from({ length: 1 + random.below(64) }, () => random.below(256)));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
  exchange(bytes, random) {
    const damaged = Buffer.from(bytes);
    const [a, b] = [random.below(bytes.length), random.below(bytes.length)];
    const length = Math.min(1 + random.below(128), bytes.length - Math.max(a, b));
    bytes.copy(damaged, a, b, b + length);
    bytes.copy(damaged, b, a, a + length);
    return damaged;
  },
};

/**
 * One to three of the mutators, one after the other.
 * @param {Buffer} bytes
 * @param {Random} random
 * @returns {{ bytes: Buffer, names: string[] }}
 */
export function mutate(bytes, random) {
  const names = Array.from({ length: 1 + random.below(3) }, () => random.of(Object.keys(MUTATORS)));
  const damaged = names.reduce(
    (whole, name) => (whole.length === 0 ? whole : MUTATORS[name](whole, random)),
    bytes,
  );
  return { bytes: damaged, names };
}
