import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rect } from '../../src/shared/geometry';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { raster } from '../../src/engine/kernels/raster';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { enlarge, methodsOn, onCpu } from './methodSet';

const BUNDLED = join(import.meta.dirname, '../../resources/models/rcan-small');
const photo = photoOf(raster(9, 8, 3, new Float32Array(216).fill(0.5)), 'test');

let resources: string;
let body: string;
beforeAll(async () => {
  resources = await mkdtemp(join(tmpdir(), 'enlarger-body-'));
  const folder = join(resources, 'models', 'rcan-small');
  await mkdir(folder, { recursive: true });
  const names = (await readdir(BUNDLED)).filter((name) => /\.(onnx|bin|json)$/.test(name));
  await Promise.all(names.map((name) => copyFile(join(BUNDLED, name), join(folder, name))));
  body = join(
    folder,
    names.find((name) => name.endsWith('.bin'))!,
  );
});
afterAll(() => rm(resources, { recursive: true, force: true }));

describe('weights that the files of several scales share', () => {
  it('are found beside each of them and count as its size', async () => {
    const method = (await methodsOn(onnxRuntime, resources)).get('rcan-small');
    for (const scale of [2, 3, 4]) {
      const made = await enlarge(method, photo, scale, rect(0, 0, 8, 8), onCpu);
      expect(Math.abs(made.data[27]! - 0.5)).toBeLessThan(0.02);
    }
    const { length } = await readFile(body);
    for (const { model } of method.networks) expect(model.bytes).toBeGreaterThan(length);
  });

  it('must be those of the manifest', async () => {
    await writeFile(body, Buffer.alloc(100));
    const method = (await methodsOn(onnxRuntime, resources)).get('rcan-small');
    const file = body.split('/').at(-1)!;
    await expect(enlarge(method, photo, 2, rect(0, 0, 8, 8), onCpu)).rejects.toMatchObject({
      fault: { code: 'bad-model', file },
    });
  });
});
