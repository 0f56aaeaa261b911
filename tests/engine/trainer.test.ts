import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../src/engine/finetune/batch';
import type { Trainee } from '../../src/engine/finetune/trainee';
import { learningScales, traineeOf } from '../../src/engine/finetune/traineeOf';
import { Trainer, type LearningState } from '../../src/engine/finetune/trainer';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { cutOut } from '../../src/engine/kernels/window';
import { LOSSES } from '../../src/engine/learning/losses/losses';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { lumaOf } from '../../src/engine/pixels/luma';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { SessionPool } from '../../src/engine/runtime/sessionPool';
import { rect, wholeOf } from '../../src/shared/geometry';
import { largestDifference, seeded } from '../unit/seeded';
import { enlarge, methodsOn, resources } from './methodSet';

/** Bundled methods as what learns: the same pixels before training, a falling loss, and files that are methods again. */
let catalogue: Catalogue;
beforeAll(async () => (catalogue = await methodsOn()));

const sessions = new SessionPool(onnxRuntime);
const SIDE = 56;
/** Pixels from the border: a patch ends there, where an enlargement sees the photo mirrored. */
const INSIDE = 24;
const options = { loss: LOSSES.l1, learns: 'all', count: 2, patch: 8, measured: SIDE } as const;

async function trainerOf(id: string, scale: number): Promise<Trainer> {
  const entry = catalogue.entry(id);
  const trainee: Trainee = await traineeOf(entry, join(resources, 'encoders'), learningScales(entry, scale));
  return Trainer.open(trainee, options, sessions);
}

/** Smooth, so that methods stay within what a picture holds. */
function picture(width: number, height: number): Raster {
  const made = raster(width, height, 3);
  for (let k = 0; k < made.data.length; k++) {
    const [x, y, c] = [k % width, Math.floor(k / width) % height, Math.floor(k / width / height)];
    made.data[k] = 0.5 + 0.3 * Math.sin(x / (2 + c)) * Math.cos(y / 3);
  }
  return made;
}

function noise(channels: 1 | 3, side: number, seed: number): Batch['input'] {
  const dims = [2, channels, side, side];
  const random = seeded(seed);
  return { dims, data: Float32Array.from({ length: 2 * channels * side * side }, () => random.real()) };
}

describe.each([
  ['fsrcnn', 2],
  ['srcnn', 2],
  ['enlarger-fast', 3],
] as const)('%s at x%d', (id, scale) => {
  it('is the method itself before it learns, learns, and is saved as graphs that run', async () => {
    const trainer = await trainerOf(id, scale);
    const { channels } = trainer.trainee;
    const seen = picture(SIDE, SIDE);
    const input = channels === 1 ? lumaOf(seen) : seen;
    const dims = [1, channels, SIDE, SIDE];
    const own = await trainer.enlarge(scale, { dims, data: input.data }, trainer.beginning);
    const whole = wholeOf<'output'>({ width: SIDE * scale, height: SIDE * scale });
    const made = await enlarge(catalogue.get(id), photoOf(seen, 'photo'), scale, whole);
    const wanted = channels === 1 ? lumaOf(made) : made;
    const inner = rect(INSIDE * scale, INSIDE * scale, 8 * scale, 8 * scale);
    const [ours, theirs] = [raster(whole.width, whole.height, channels, own.data), wanted].map(
      (pixels) => cutOut({ rect: whole, pixels }, inner).data,
    );
    expect(largestDifference(ours!, theirs!)).toBeLessThan(2e-4);

    const batch = { input: noise(channels, 8, 1), target: noise(channels, 8 * scale, 2) };
    const zeros = new Float32Array(trainer.length);
    let state: LearningState = {
      weights: trainer.beginning,
      firstMoment: zeros,
      secondMoment: zeros,
      count: 0,
    };
    const losses: number[] = [];
    for (let step = 0; step < 4; step++) {
      const { loss, next } = await trainer.step(scale, batch, state, 1e-3);
      losses.push(loss);
      state = next;
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.998);
    const { files, parts } = trainer.saved(state.weights);
    const named = parts.implicit
      ? [...parts.implicit.source.map(({ file }) => file), parts.implicit.decoder.file]
      : parts.files.map(({ file }) => file);
    expect(files.map(({ name }) => name)).toEqual(named);
    await trainer.release();
  });
});
