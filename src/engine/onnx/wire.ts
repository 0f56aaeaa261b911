/** The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding): fields out of bytes, and into them. */

/** One field of a message: a whole number (wire type 0), 4 or 8 bytes (5, 1), or a length of bytes (2). */
export type WireField =
  | { readonly field: number; readonly kind: 'number'; readonly value: bigint }
  | { readonly field: number; readonly kind: 'bytes' | 'fixed32' | 'fixed64'; readonly value: Uint8Array };

/** Bytes that are no message: cut off, or not of this format at all. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const FIXED = { 1: { length: 8, kind: 'fixed64' }, 5: { length: 4, kind: 'fixed32' } } as const;

/** A varint at a position, of at most 64 bits, and where it ends. */
function varintAt(bytes: Uint8Array, start: number): { value: bigint; end: number } {
  let [low, factor] = [0, 1]; // seven bits at a time; the first seven bytes fit a number
  for (let at = start; at < Math.min(start + 7, bytes.length); at++, factor *= 128) {
    const byte = bytes[at]!;
    low += (byte & 127) * factor;
    if (byte < 128) return { value: BigInt(low), end: at + 1 };
  }
  let value = BigInt(low);
  for (let at = start + 7; at < Math.min(start + 10, bytes.length); at++) {
    const byte = bytes[at]!;
    value |= BigInt(byte & 127) << BigInt(7 * (at - start));
    if (byte < 128) return { value: BigInt.asUintN(64, value), end: at + 1 };
  }
  throw new WireError(`a number at byte ${start} has no end`);
}

/** The fields of a message in their order, bytes not copied. Throws `WireError`. */
export function* fieldsOf(bytes: Uint8Array): Generator<WireField, void> {
  for (let at = 0; at < bytes.length;) {
    const key = varintAt(bytes, at);
    const [field, wireType] = [Number(key.value >> 3n), Number(key.value & 7n)];
    at = key.end;
    if (wireType === 0) {
      const { value, end } = varintAt(bytes, at);
      at = end;
      yield { field, kind: 'number', value };
    } else if (wireType === 2) {
      const length = varintAt(bytes, at);
      const end = length.end + Number(length.value);
      if (end > bytes.length)
        throw new WireError(`field ${field} goes ${end - bytes.length} bytes beyond its end`);
      at = end;
      yield { field, kind: 'bytes', value: bytes.subarray(length.end, end) };
    } else if (wireType === 1 || wireType === 5) {
      const { length, kind } = FIXED[wireType];
      if (at + length > bytes.length) throw new WireError(`field ${field} is cut off`);
      yield { field, kind, value: bytes.subarray(at, at + length) };
      at += length;
    } else {
      throw new WireError(`field ${field} at byte ${at} has the unknown wire type ${wireType}`);
    }
  }
}

/** The bytes of a field that must have some. */
export function bytesOf(one: WireField): Uint8Array {
  if (one.kind === 'bytes') return one.value;
  throw new WireError(`field ${one.field} should hold bytes`);
}

/** A signed whole number, exact up to 2^53; those beyond only mean "very large" in a model. */
export function wholeOf(one: WireField): number {
  if (one.kind === 'number') return Number(BigInt.asIntN(64, one.value));
  throw new WireError(`field ${one.field} should hold a whole number`);
}

/** The whole numbers of a repeated field, which comes packed or one by one. */
export function wholesOf(one: WireField): bigint[] {
  if (one.kind === 'number') return [BigInt.asIntN(64, one.value)];
  const [packed, values]: [Uint8Array, bigint[]] = [bytesOf(one), []];
  for (let at = 0; at < packed.length;) {
    const { value, end } = varintAt(packed, at);
    values.push(BigInt.asIntN(64, value));
    at = end;
  }
  return values;
}

/** The numbers of a repeated field of floats (of 4 bytes) or doubles (of 8), packed or one by one. */
export function floatsOf(one: WireField, size: 4 | 8): number[] {
  if (one.kind === 'number' || one.value.length % size !== 0) {
    throw new WireError(`field ${one.field} should hold numbers of ${size} bytes`);
  }
  const view = viewOf(one.value);
  return Array.from({ length: one.value.length / size }, (_, k) =>
    size === 4 ? view.getFloat32(4 * k, true) : view.getFloat64(8 * k, true),
  );
}

export const textOf = (one: WireField): string => Buffer.from(bytesOf(one)).toString('utf8');

const LARGEST_INT64 = 2n ** 63n - 1n;

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | (rest < 128n ? 0 : 128));
    if (rest < 128n) return Buffer.from(bytes);
  }
}

/** A whole number; one beyond 64 bits becomes the largest of them. */
function whole(value: number): Buffer {
  const exact = BigInt(value);
  return varint(exact > LARGEST_INT64 ? LARGEST_INT64 : exact);
}

export const writeWhole = (field: number, value: number): Buffer =>
  Buffer.concat([varint(BigInt(field << 3)), whole(value)]);

export function writeFloat(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(BigInt((field << 3) | 5)), bytes]);
}

/** A field of bytes, which may be a message. */
export function writeBytes(field: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(BigInt((field << 3) | 2)), varint(BigInt(length)), ...parts]);
}

export const writeText = (field: number, value: string): Buffer =>
  writeBytes(field, Buffer.from(value, 'utf8'));
