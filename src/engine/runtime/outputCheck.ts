import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { Raster } from '../kernels/raster';
import type { ModelRef } from '../onnx/modelRef';

/** How much a photo's tile must vary for its enlargement to vary at all: some 13 steps of 8 bits. */
const VARIES = 0.05;

function rangeOf({ data }: Raster): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of data) {
    if (!(Math.abs(value) < Infinity)) return { low: NaN, high: NaN }; // also what is not a number
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/**
 * Throws `bad-model` where a network's answer to a tile is no picture: a value that is not a finite number
 * (weights that overflowed in training), or one flat colour where the tile is not flat. One pass, a thousandth
 * of what the network takes.
 */
export function expectPicture(input: Raster, output: Raster, model: ModelRef): void {
  const { low, high } = rangeOf(output);
  const file = basename(model.path);
  if (Number.isNaN(low)) {
    throw new FaultError(
      'bad-model',
      `Expected ${file} of ${model.method} to give a picture, but it gives values that are not finite numbers; ` +
        'its weights are damaged: restore the file, or export the model again.',
      { file },
    );
  }
  if (high > low) return;
  const given = rangeOf(input);
  if (!(given.high - given.low > VARIES)) return;
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
