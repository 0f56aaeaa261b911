import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { Raster } from '../kernels/raster';
import type { ModelRef } from '../onnx/modelRef';

/** How much a photo's tile must vary for its enlargement to vary at all: some 13 steps of 8 bits. */
const VARIES = 0.05;

/** Sums that do not wait for one another: every value of a large tile passes through here. */
const LANES = 4;

/** Whether every value is a finite number: of any other, 0 times it is not 0. */
function hasOnlyNumbers({ data }: Raster): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = data.length - (data.length % LANES);
  for (let i = 0; i < whole; i += LANES) {
    a += 0 * data[i]!;
    b += 0 * data[i + 1]!;
    c += 0 * data[i + 2]!;
    d += 0 * data[i + 3]!;
  }
  for (let i = whole; i < data.length; i++) a += 0 * data[i]!;
  return a + b + c + d === 0;
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
  if (!hasOnlyNumbers(output)) {
    throw new FaultError(
      'bad-model',
      `Expected ${file} of ${model.method} to give a picture, but it gives values that are not finite numbers; ` +
        'its weights are damaged: restore the file, or export the model again.',
      { file },
    );
  }
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
