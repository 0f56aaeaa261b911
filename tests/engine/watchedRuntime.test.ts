import { expect, it } from 'vitest';
import { limitOf, watchedRuntime } from '../../src/engine/runtime/watchedRuntime';
import { VitalSigns } from '../../src/engine/watch/vitalSigns';
import { raster } from '../../src/engine/kernels/raster';
import type { Hung } from '../../src/engine/state/store';
import { correct, fakeModel, FakeRuntime } from './fakeRuntime';

const model = fakeModel();
const KEY = `${model.sha256}|cpu`;
const input = raster(4, 3, 1);
const OUTPUT = { width: 8, height: 6 };

it('marks every run with what it may take', async () => {
  const signs = new VitalSigns();
  const seen: unknown[] = [];
  const runtime = new FakeRuntime({
    cpu: (given, output) => {
      seen.push(signs.read().run);
      return correct(given, output);
    },
  });
  const network = await watchedRuntime(runtime, { signs, patience: 0.5, hung: () => ({}) }).open(
    model,
    'cpu',
  );
  await network.run(input, OUTPUT);
  expect(seen).toEqual([
    { key: KEY, method: 'fake', limitSeconds: limitOf(12, model.bytes, undefined) * 0.5 },
  ]);
  expect(signs.read().doing).toBe('idle');
});

it('gives a run far more than its pace, and never less than some seconds', () => {
  expect(limitOf(16_384, 6_000_000, undefined)).toBeGreaterThan(60); // EDSR-baseline on a tile takes about one
  expect(limitOf(16_384, 6_000_000, 1 / 16_384)).toBe(20);
  expect(limitOf(16_384, 6_000_000, 10 / 16_384)).toBe(200);
});

it('leaves alone for an hour what had to be ended, and names it', async () => {
  const hung = (minutesAgo: number): Record<string, Hung> => ({
    [KEY]: { method: 'fake', seconds: 21, at: Date.now() - minutesAgo * 60_000 },
  });
  const open = (minutesAgo: number) =>
    watchedRuntime(new FakeRuntime({ cpu: correct }), {
      signs: new VitalSigns(),
      patience: 1,
      hung: () => hung(minutesAgo),
    }).open(model, 'cpu');
  await expect(open(5)).rejects.toMatchObject({
    fault: {
      code: 'bad-model',
      message: expect.stringMatching(/Expected fake to come to an end on cpu/) as string,
    },
  });
  await expect(open(61)).resolves.toBeDefined();
});
