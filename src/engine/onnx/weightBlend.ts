import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { ModelFile } from '../../shared/manifest';
import { fromHalf, toHalf } from './half';
import type { ModelRef } from './modelRef';

/** Where a file's weights lie in it, in bytes. */
export type WeightRanges = NonNullable<ModelFile['blend']>['ranges'];

/** A second file of the same structure, towards whose weights a model's can go. */
export interface SecondWeights {
  readonly path: string;
  readonly sha256: string;
  readonly ranges: WeightRanges;
  /** The first file's share where the user has not turned it, 0 to 1. */
  readonly defaultStrength: number;
}

const WEIGHT_BYTES = { float32: 4, float16: 2, int8: 1 } as const;

/** Every strength is a network of its own to load: a slider has a hundred, not a continuum. */
const STEPS = 100;

/**
 * The model with its weights at `strength` (0: the second file's, 1: its own; rounded to 1/100). At the ends
 * it is one of the two files itself.
 */
export function modelAt(
  model: ModelRef & { readonly second?: SecondWeights | undefined },
  strength: number | undefined,
): ModelRef {
  const { second } = model;
  if (!second) return model;
  const { path, sha256, ranges, defaultStrength } = second;
  const share = Math.round((strength ?? defaultStrength) * STEPS) / STEPS;
  if (share >= 1) return model;
  const { method, bytes } = model;
  if (share <= 0) return { method, bytes, path, sha256 };
  return {
    method,
    bytes,
    path: model.path,
    sha256: model.sha256,
    blended: { path, sha256, ranges, share },
  };
}

let halves: Float32Array | undefined;

/** Every half as a single: reading a table is many times faster than taking 16 bits apart. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => fromHalf(bits));
  return halves;
}

/**
 * The first file's bytes with every weight w at share * w + (1 - share) * the second's: "network
 * interpolation" of Wang et al., "ESRGAN: Enhanced super-resolution generative adversarial networks", 2018.
 * `share` is from 0 to 1; `name` is for the fault `bad-model`, thrown where the two are not of one layout.
 */
export function blendWeights(
  first: Uint8Array,
  second: Uint8Array,
  ranges: WeightRanges,
  share: number,
  name: string,
): Uint8Array {
  checkLayout(first, second, ranges, name);
  const blended = new Uint8Array(first); // a copy: a Buffer's own slice would not be one
  const [a, b] = [viewOf(blended), viewOf(second)];
  const mix = (own: number, other: number): number => share * own + (1 - share) * other;
  for (const { offset, bytes, type } of ranges) {
    if (type === 'float32') {
      for (let at = offset; at < offset + bytes; at += 4) {
        a.setFloat32(at, mix(a.getFloat32(at, true), b.getFloat32(at, true)), true);
      }
    } else if (type === 'int8') {
      // Both files have the same steps, so what lies between their numbers lies between their weights.
      for (let at = offset; at < offset + bytes; at++) {
        a.setInt8(at, Math.round(mix(a.getInt8(at), b.getInt8(at))));
      }
    } else {
      const value = halfTable();
      for (let at = offset; at < offset + bytes; at += 2) {
        a.setUint16(at, toHalf(mix(value[a.getUint16(at, true)]!, value[b.getUint16(at, true)]!)), true);
      }
    }
  }
  return blended;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The ranges lie in the file one after the other, in whole weights, and all between them is the same. */
function checkLayout(first: Uint8Array, second: Uint8Array, ranges: WeightRanges, name: string): void {
  const refuse = (why: string): never => {
    throw new FaultError(
      'bad-model',
      `Expected the two files between whose weights ${basename(name)} goes to be of one layout, but ${why}; ` +
        'export both again with their manifest.',
      { file: basename(name) },
    );
  };
  if (first.length !== second.length) refuse(`they have ${first.length} and ${second.length} bytes`);
  let end = 0;
  const expectEqual = (from: number, to: number): void => {
    if (Buffer.compare(first.subarray(from, to), second.subarray(from, to)) !== 0) {
      refuse(`bytes ${from} to ${to}, which are no weights, differ`);
    }
  };
  for (const { offset, bytes, type } of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const isWhole = bytes % WEIGHT_BYTES[type] === 0;
    if (offset < end || offset + bytes > first.length || !isWhole) {
      refuse(`the range of ${bytes} bytes at ${offset} is not one of whole weights in the file`);
    }
    expectEqual(end, offset);
    end = offset + bytes;
  }
  expectEqual(end, first.length);
}
