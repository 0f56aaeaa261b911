import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { OnnxWeight } from '../../src/engine/onnx/graph';
import { onnxModel } from '../../src/engine/onnx/onnxModel';
import { startHost, type Host } from './host';
import { test as base } from './test';

/** Enlarges bicubically and multiplies by a gain that lies between these two: strength 0 and strength 1. */
export const GAINS = [0.5, 1] as const;

function gainModel(gain: number): { model: Uint8Array; weight: Uint8Array } {
  const values = Float32Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? gain : 0));
  const weight: OnnxWeight = { name: 'weight', dims: [3, 3, 1, 1], values };
  const model = onnxModel({
    inputs: [{ name: 'input', dims: [1, 3, 'h', 'w'] }],
    outputs: [{ name: 'output', dims: [1, 3, 'h', 'w'] }],
    nodes: [{ op: 'Conv', inputs: ['input', 'weight'], outputs: ['output'] }],
    weights: [weight],
  });
  return { model, weight: new Uint8Array(values.buffer) };
}

/** Writes the method `gain`, which has the controls strength and seed, into a folder of methods. */
async function writeGain(models: string): Promise<void> {
  const folder = join(models, 'gain');
  await mkdir(folder, { recursive: true });
  const [weak, strong] = [gainModel(GAINS[0]), gainModel(GAINS[1])];
  const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const offset = Buffer.from(strong.model).indexOf(strong.weight);
  await writeFile(join(folder, 'strong.onnx'), strong.model);
  await writeFile(join(folder, 'weak.onnx'), weak.model);
  const manifest = {
    format: 1,
    id: 'gain',
    name: 'Gain',
    family: 'adversarial',
    kind: 'preUpsampled',
    channels: 'rgb',
    scales: [2, 3, 4],
    weights: 9,
    licence: { weights: 'MIT', data: 'none' },
    figures: {},
    goodAt: 'Being turned.',
    badAt: 'All else.',
    paper: { title: 'Gain', authors: 'none', year: 2026 },
    files: [
      {
        scale: 0,
        file: 'strong.onnx',
        sha256: sum(strong.model),
        macsPerPixel: 9,
        receptiveField: { before: 0, after: 0 },
        blend: {
          file: 'weak.onnx',
          sha256: sum(weak.model),
          ranges: [{ offset, bytes: strong.weight.length, type: 'float32' }],
        },
      },
    ],
    controls: [
      { id: 'strength', default: 1 },
      { id: 'seed', default: 3 },
    ],
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** An installation of its own: this one's programs, and the method `gain` instead of all with weights. */
async function install(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'enlarger-turnable-'));
  for (const part of ['bin', 'out', 'package.json'])
    await cp(resolve(part), join(root, part), { recursive: true });
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
  await cp(resolve('resources/sample'), join(root, 'resources/sample'), { recursive: true });
  await writeGain(join(root, 'resources/models'));
  return root;
}

/** As `test`, on an installation whose method `gain` can be turned; `installation` is its folder. */
export const test = base.extend<object, { installation: string; host: Host }>({
  installation: [
    async ({}, use) => {
      const root = await install();
      await use(root);
      await rm(root, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  host: [
    async ({ installation }, use) => {
      const host = await startHost(installation);
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],
});
