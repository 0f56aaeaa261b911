/** IEEE 754 half precision, as model files store weights. */

const scratch = new DataView(new ArrayBuffer(4));

/** The number that 16 bits stand for. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The 16 bits nearest to a number, ties to even; beyond 65504 and its rounding: infinity.
 * The number is first rounded to single precision: callers that mix two halves lose nothing by it.
 */
export function toHalf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520 and more
  if (magnitude < 0x38800000) {
    // Below the smallest normal half, 2^-14: whole multiples of 2^-24, which float32 arithmetic rounds.
    return sign | roundToEven(Math.abs(Math.fround(value)) * 2 ** 24);
  }
  const rebased = magnitude - 0x38000000; // from the bias of 127 to that of 15
  const odd = (rebased >>> 13) & 1;
  return sign | ((rebased + 0xfff + odd) >>> 13);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
