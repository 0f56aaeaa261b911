import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../src/engine/finetune/batch';
import type { Trainee } from '../../src/engine/finetune/trainee';
import { implicitTrainee } from '../../src/engine/finetune/implicitTrainee';
import { withReach } from '../../src/engine/finetune/savedReach';
import { learningLoss, learningScales, traineeOf } from '../../src/engine/finetune/traineeOf';
import { Trainer, type LearningState } from '../../src/engine/finetune/trainer';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { cutOut } from '../../src/engine/kernels/window';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { globalMeans } from '../../src/engine/onnx/globalMeans';
import { readModel } from '../../src/engine/onnx/readModel';
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
const COUNT = 2;
const PATCH = 8;

async function trainerOf(id: string, scale: number, measured: number): Promise<Trainer> {
  const entry = catalogue.entry(id);
  const trainee: Trainee = await traineeOf(entry, join(resources, 'encoders'), learningScales(entry, scale));
  const loss = learningLoss(entry, undefined);
  return Trainer.open(trainee, { loss, learns: 'all', count: COUNT, patch: PATCH, measured }, sessions);
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
  const dims = [COUNT, channels, side, side];
  const random = seeded(seed);
  return { dims, data: Float32Array.from({ length: COUNT * channels * side * side }, () => random.real()) };
}

/**
 * Inside: pixels from the border, where a patch ends and an enlargement sees the photo mirrored. The decoders of cs and
 * fcs run in integers on a processor, and learn in floats: they may be an 8-bit step apart.
 */
describe.each([
  { id: 'fsrcnn', scale: 2, side: 56, inside: 24, apart: 2e-4 },
  { id: 'srcnn', scale: 2, side: 56, inside: 24, apart: 2e-4 },
  { id: 'enlarger-fast', scale: 3, side: 56, inside: 24, apart: 2e-4 },
  { id: 'cs', scale: 2, side: 40, inside: 16, apart: 1 / 255 },
  { id: 'fcs', scale: 2, side: 40, inside: 16, apart: 1 / 255 },
])('$id at x$scale', ({ id, scale, side, inside, apart }) => {
  it('is the method itself before it learns, learns, and is saved as graphs that run', async () => {
    const trainer = await trainerOf(id, scale, side);
    const { channels } = trainer.trainee;
    const seen = picture(side, side);
    const input = channels === 1 ? lumaOf(seen) : seen;
    const dims = [1, channels, side, side];
    const own = await trainer.enlarge(scale, { dims, data: input.data }, trainer.beginning);
    const whole = wholeOf<'output'>({ width: side * scale, height: side * scale });
    const made = await enlarge(catalogue.get(id), photoOf(seen, 'photo'), scale, whole);
    const wanted = channels === 1 ? lumaOf(made) : made;
    const inner = rect(inside * scale, inside * scale, 8 * scale, 8 * scale);
    const [ours, theirs] = [raster(whole.width, whole.height, channels, own.data), wanted].map(
      (pixels) => cutOut({ rect: whole, pixels }, inner).data,
    );
    expect(largestDifference(ours!, theirs!)).toBeLessThan(apart);

    const batch = { input: noise(channels, PATCH, 1), target: noise(channels, PATCH * scale, 2) };
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

it('cards say at which scales methods learn: those that can, and what a training takes', async () => {
  const learns = Object.fromEntries(catalogue.list.map(({ method: { card } }) => [card.id, card.learns]));
  expect(learns).toMatchObject({ fsrcnn: [2], vdsr: [2], esrgan: [4], lte: [2, 3, 4], cs: [2, 3, 4] });
  const cannot = Object.keys(learns).filter((id) => learns[id] === null && catalogue.entry(id).model);
  expect(cannot.sort()).toEqual(['enlarger-photo', 'liifusion', 'liifusion-perceptual']);
  for (const id of cannot) {
    const entry = catalogue.entry(id);
    await expect(traineeOf(entry, join(resources, 'encoders'), [2]), id).rejects.toThrow(/cannot: /);
  }
});

it('a method whose decoder has the control denoise is refused with the reason', async () => {
  const { manifest, folder } = catalogue.entry('enlarger-fast').model!;
  const turned = { ...manifest, controls: [{ id: 'denoise' as const, default: 1 }] };
  await expect(implicitTrainee(turned, folder, join(resources, 'encoders'), [2])).rejects.toThrow(
    /enlarger-fast cannot: it would learn with its control denoise at one place/,
  );
});

it('how far a method of any scale looks is measured of what it learned, as of the bundled ones', async () => {
  const trainer = await trainerOf('enlarger-fast', 2, 16);
  const sample = picture(64, 64);
  const turns = { signal: new AbortController().signal, turn: () => Promise.resolve(() => undefined) };
  const { parts } = await withReach(trainer.saved(trainer.beginning), 3, { sessions, sample, turns });
  await trainer.release();
  const bundled = trainer.trainee.manifest.implicit!.receptiveField;
  const { measured, ...connected } = parts.implicit!.receptiveField;
  expect({ ...connected, measured: bundled.measured }).toEqual(bundled);
  // The same weights, on another picture with detail.
  expect(Math.abs(measured!.overlap - bundled.measured!.overlap)).toBeLessThanOrEqual(2);
  expect(measured!.step).toBeLessThan(0.05);
});

it.each(['rcan-small', 'san-small'])(
  '%s says what its tiles need of the whole photo when it is saved',
  async (id) => {
    const bundled = catalogue.entry(id).model!.manifest.files[0]!;
    const { means, align } = bundled;
    expect(means ?? align).toBeDefined();
    const trainee = await traineeOf(catalogue.entry(id), join(resources, 'encoders'), [2]);
    const saved = trainee.save([], new Float32Array());
    expect(saved.parts.files).toMatchObject([means ? { means } : { align }]);
    const turns = { signal: new AbortController().signal, turn: () => Promise.resolve(() => undefined) };
    const withMeasured = await withReach(saved, 3, { sessions, sample: picture(64, 64), turns });
    const { before, after, exact } = bundled.receptiveField;
    expect(withMeasured.parts.files).toMatchObject([{ receptiveField: { before, after, exact } }]);
    if (means) expect(globalMeans(readModel(saved.files[0]!.content, id))).toHaveLength(means.count);
  },
);
