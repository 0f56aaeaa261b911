import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { Raster } from '../kernels/raster';
import type { ModelRef } from '../onnx/modelRef';

/** How much a photo's tile must vary for its enlargement to vary at all: some 13 steps of 8 bits. */
const VARIES = 0.05;

/** The exponent of a float of 32 bits: all ones where it is no finite number. */
const EXPONENT = 0x7f80_0000;
/** Values looked at in one call: few enough that the compiler has seen the loop end before it compiles it. */
const CHUNK = 4096;

/** Whether values of these bits are finite numbers: of whole numbers, which V8 makes no objects of before it compiles. */
function areFinite(bits: Int32Array, from: number, to: number): boolean {
  let i = from;
  for (; i + 4 <= to; i += 4) {
    if (
      (bits[i]! & EXPONENT) === EXPONENT ||
      (bits[i + 1]! & EXPONENT) === EXPONENT ||
      (bits[i + 2]! & EXPONENT) === EXPONENT ||
      (bits[i + 3]! & EXPONENT) === EXPONENT
    ) {
      return false;
    }
  }
  for (; i < to; i++) if ((bits[i]! & EXPONENT) === EXPONENT) return false;
  return true;
}

/** Whether every value is a finite number: every value of a large tile passes through here. */
function hasOnlyNumbers({ buffer, byteOffset, length }: Float32Array): boolean {
  const bits = new Int32Array(buffer, byteOffset, length);
  for (let from = 0; from < length; from += CHUNK) {
    if (!areFinite(bits, from, Math.min(length, from + CHUNK))) return false;
  }
  return true;
}

/** Throws `bad-model` where among what a network gives, `what` for the sentence, is a value that is not a finite number. */
export function expectNumbers(given: Float32Array, what: string, model: ModelRef): void {
  if (hasOnlyNumbers(given)) return;
  const file = basename(model.path);
  throw new FaultError(
    'bad-model',
    `Expected ${file} of ${model.method} to give ${what}, but it gives values that are not finite numbers; ` +
      'its weights are damaged: restore the file, or export the model again.',
    { file },
  );
}

/** Whether all values are the same; the first that is another ends the search. */
function isFlat({ data }: Raster): boolean {
  const [first] = data;
  for (let i = 1; i < data.length; i++) if (data[i] !== first) return false;
  return true;
}

/** Whether values differ by more than VARIES. */
function varies({ data }: Raster): boolean {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < data.length; i++) {
    low = Math.min(low, data[i]!);
    high = Math.max(high, data[i]!);
  }
  return high - low > VARIES;
}

/**
 * Throws `bad-model` where a network's answer to a tile is no picture: a value that is not a finite number
 * (weights that overflowed in training), or one flat colour where the tile is not flat.
 */
export function expectPicture(input: Raster, output: Raster, model: ModelRef): void {
  const file = basename(model.path);
  expectNumbers(output.data, 'a picture', model);
  if (!isFlat(output) || !varies(input)) return;
  throw new FaultError(
    'bad-model',
    `Expected ${file} of ${model.method} to give a picture, but it gives one flat colour for a photo that is not; ` +
      'its weights are damaged: restore the file, or export the model again.',
    { file },
  );
}

/** Whether the runtime refused a run because the output has another shape than the manifest promises. */
const isOtherSize = (error: unknown): boolean =>
  error instanceof Error &&
  /but the computed output shape for this run is|shape verification failed/i.test(error.message);

/** The fault `bad-model` for an output of another size than `expected`; undefined for any other error. */
export function faultOfSize(
  error: unknown,
  expected: { readonly width: number; readonly height: number },
  model: ModelRef,
): FaultError | undefined {
  if (!isOtherSize(error)) return undefined;
  const file = basename(model.path);
  return new FaultError(
    'bad-model',
    `Expected ${file} of ${model.method} to give ${expected.width} x ${expected.height} pixels, as its manifest says, ` +
      'but its output has another size; correct the scale in the manifest, or export the model again.',
    { file, detail: (error as Error).message },
  );
}
