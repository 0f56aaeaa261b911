import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OnnxNode } from '../../src/engine/onnx/graph';
import { onnxModel } from '../../src/engine/onnx/onnxModel';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { raster } from '../../src/engine/kernels/raster';
import { rect } from '../../src/shared/geometry';
import { writeNetwork } from '../fixtures/endlessModel';
import { enlarge, methodsOn } from './methodSet';

/** Networks whose answer is no picture, on the real runtime: named, and nothing else is blamed. */
const MAPS = [1, 1, 'height', 'width'] as const;

/** Twice the size by repeating pixels, times a factor; `resized` false: of the size that it was. */
function scaled(factor: number, resized = true): Uint8Array {
  const last = resized ? 'twice' : 'input';
  const nodes: OnnxNode[] = [
    ...(resized
      ? [
          {
            op: 'Concat',
            inputs: ['input', 'input', 'input', 'input'],
            outputs: ['four'],
            attributes: { axis: 1 },
          },
          { op: 'DepthToSpace', inputs: ['four'], outputs: ['twice'], attributes: { blocksize: 2 } },
        ]
      : []),
    { op: 'Mul', inputs: [last, 'factor'], outputs: ['output'] },
  ];
  return onnxModel({
    inputs: [{ name: 'input', dims: MAPS }],
    outputs: [{ name: 'output', dims: [1, 1, 'height2', 'width2'] }],
    weights: [{ name: 'factor', dims: [1], values: Float32Array.of(factor) }],
    nodes,
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-bad-models-'));
  const models = join(folder, 'models');
  await writeNetwork(models, 'good', scaled(1));
  await writeNetwork(models, 'nan', scaled(NaN));
  await writeNetwork(models, 'infinite', scaled(Infinity));
  await writeNetwork(models, 'flat', scaled(0));
  await writeNetwork(models, 'small', scaled(1, false));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function photo(flat: boolean): ReturnType<typeof photoOf> {
  const pixels = raster(20, 16, 3);
  pixels.data.forEach((_, i) => (pixels.data[i] = flat ? 0.5 : (i % 20) / 20));
  return photoOf(pixels, 'photo');
}

it.each([
  ['nan', /model\.onnx of nan to give a picture, but it gives values that are not finite/],
  ['infinite', /model\.onnx of infinite to give a picture, but it gives values that are not finite/],
  ['flat', /model\.onnx of flat to give a picture, but it gives one flat colour for a photo that is not/],
  [
    'small',
    /model\.onnx of small to give \d+ x \d+ pixels, as its manifest says, but its output has another size/,
  ],
])('%s is the fault of the model', async (id, message) => {
  const registry = await methodsOn(undefined, folder);
  const whole = rect<'output'>(0, 0, 40, 32);
  await expect(enlarge(registry.get(id), photo(false), 2, whole)).rejects.toMatchObject({
    fault: { code: 'bad-model', message: expect.stringMatching(message) as string },
  });
});

it('does not blame a model for a flat photo', async () => {
  const registry = await methodsOn(undefined, folder);
  const whole = rect<'output'>(0, 0, 40, 32);
  await expect(enlarge(registry.get('flat'), photo(true), 2, whole)).resolves.toBeDefined();
  await expect(enlarge(registry.get('good'), photo(false), 2, whole)).resolves.toBeDefined();
});
