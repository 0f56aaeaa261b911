import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWhole } from '../../../src/engine/codec/read/readWhole';
import { traineeOf } from '../../../src/engine/finetune/traineeOf';
import { Trainer } from '../../../src/engine/finetune/trainer';
import { idOf, importFolder } from '../../../src/engine/importing/importFolder';
import { importModel, type ImportParts } from '../../../src/engine/importing/importModel';
import { loadCatalogue } from '../../../src/engine/methods/loadCatalogue';
import { FeatureCache } from '../../../src/engine/methods/implicit/featureCache';
import type { Raster } from '../../../src/engine/kernels/raster';
import type { OnnxGraph } from '../../../src/engine/onnx/graph';
import { cutOut } from '../../../src/engine/kernels/window';
import type { Numbers } from '../../../src/engine/onnx/staticGraphOf';
import { onnxModel } from '../../../src/engine/onnx/onnxModel';
import { photoOf } from '../../../src/engine/photos/memoryPhoto';
import { pixelsInPlace } from '../../../src/engine/pixels/pixels';
import { onnxRuntime } from '../../../src/engine/runtime/onnxRuntime';
import { rect } from '../../../src/shared/geometry';
import { ownFolder } from '../../fixtures/ownFolder';
import * as models from '../../fixtures/strangersModels';
import { largestDifference, seeded } from '../../unit/seeded';
import { enlarge, onCpu, resources, runnersOn } from '../methodSet';

interface Importing extends ImportParts {
  readonly folder: string;
  readonly userModels: string;
}

async function importing(): Promise<Importing> {
  const folder = await ownFolder('import');
  const userModels = join(folder, 'models');
  const runners = await runnersOn(onnxRuntime);
  const catalogue = await loadCatalogue(
    { resources: undefined, userModels },
    { ...runners, pixels: pixelsInPlace, features: new FeatureCache() },
  );
  const sample = await readWhole(join(resources, 'sample', 'chart.png'), { scratchFolder: folder });
  return {
    folder,
    userModels,
    sessions: runners.sessions,
    catalogue,
    sample,
    turn: () => Promise.resolve(() => undefined),
    signal: new AbortController().signal,
  };
}

async function fileOf(
  parts: Importing,
  graph: OnnxGraph | Uint8Array,
  name = 'stranger.onnx',
): Promise<string> {
  const path = join(parts.folder, name);
  await writeFile(path, graph instanceof Uint8Array ? graph : onnxModel(graph));
  return path;
}

async function found(graph: OnnxGraph, sample?: Raster) {
  const usual = await importing();
  const parts = { ...usual, sample: sample ?? usual.sample };
  const { findings } = await importModel({ path: await fileOf(parts, graph) }, false, parts);
  expect(parts.sessions.loaded).toBe(0);
  return findings!;
}

const PLAIN = { channels: 3, layout: 'NCHW', range: '0..1', multiple: 1 };

describe('what a model wants is found by trying it', () => {
  it.each([
    ['compact', models.compact(), { ...PLAIN, scale: 2, overlap: 2 }],
    ['ESRGAN-like', models.dense(), { ...PLAIN, scale: 4, overlap: 2 }],
    ['that looks five pixels far', models.farSighted(), { ...PLAIN, scale: 1, overlap: 5 }],
    ['with means of everything', models.withMeans(), { ...PLAIN, scale: 1, overlap: 2, means: 1 }],
    ['with means of means', models.meansOfMeans(), { ...PLAIN, scale: 1, overlap: 2, means: 2 }],
    [
      'with means, written for one picture',
      models.meansOfOnePicture(),
      { ...PLAIN, scale: 1, overlap: null, means: 0 },
    ],
    [
      'with means, and another look at everything',
      models.meansAndNorm(),
      { ...PLAIN, scale: 1, overlap: null, means: 0 },
    ],
    ['with windows', models.windows(), { ...PLAIN, scale: 2, multiple: 8, overlap: null }],
    ['denoiser', models.denoiser(), { ...PLAIN, scale: 1, overlap: 2 }],
    ['luma alone', models.luma(), { ...PLAIN, scale: 3, channels: 1, order: 'grey', overlap: 2 }],
    ['in halves', models.inHalves(models.dense()), { ...PLAIN, scale: 4, overlap: 2 }],
    [
      'channels last',
      models.channelsLast(models.compact()),
      { ...PLAIN, layout: 'NHWC', scale: 2, overlap: 2 },
    ],
    ['0 to 255', models.inSteps(models.compact()), { ...PLAIN, range: '0..255', scale: 2 }],
    ['bytes', models.inBytes(models.compact()), { ...PLAIN, range: '0..255', scale: 2 }],
    ['declared for 64 x 64', models.compact([1, 3, 64, 64]), { ...PLAIN, scale: 2, only: null, overlap: 2 }],
    [
      'made for 96 x 64',
      models.fixed(96, 64),
      { ...PLAIN, scale: 2, only: { width: 96, height: 64 }, overlap: 2 },
    ],
    [
      'made for 64 x 64, with means of everything',
      models.fixedWithMeans(64, 64),
      { ...PLAIN, scale: 2, only: { width: 64, height: 64 }, overlap: null },
    ],
  ] as const)('%s', async (_, graph, wanted) => {
    const findings = await found(graph);
    expect(findings).toMatchObject(wanted);
    expect(findings.consistencyDb).toBeGreaterThan(25);
  });

  it('the order of colours, where the model treats them differently, and that it could not be told where not', async () => {
    expect(await found(models.compact())).toMatchObject({ order: 'RGB', orderIsCertain: false });
    // In a red picture, what weakens blue hurts less: the weak channel is the one that must be blue.
    const red = seeded(3).picture(64, 64, 3);
    red.data.subarray(2 * 64 * 64).forEach((value, k, blue) => (blue[k] = value * 0.3));
    const weak = async (...factors: [number, number, number]) =>
      found(models.weakened(models.denoiser(), factors), red);
    expect(await weak(0.9, 1, 1)).toMatchObject({ order: 'BGR', orderIsCertain: true });
    expect(await weak(1, 1, 0.9)).toMatchObject({ order: 'RGB', orderIsCertain: true });
  });

  it('what a pixel costs', async () => {
    const findings = await found(models.compact());
    expect(findings.macsPerPixel).toBe(9 * (3 * 4 + 4 * 12));
    // The twelve maps of the last convolution, and the picture that is still needed.
    expect(findings.liveBytesPerPixel).toBeGreaterThanOrEqual(4 * (12 + 4));
    expect(findings.liveBytesPerPixel).toBeLessThanOrEqual(4 * 3 * (12 + 4));
  });
});

describe('an imported model is a method like any other', () => {
  it('with its words, in the form of all methods, the same pixels in tiles as at once', async () => {
    const parts = await importing();
    const path = await fileOf(parts, models.channelsLast(models.inSteps(models.compact())));
    const words = { path, name: 'Süß & Sharp', licence: 'MIT', source: 'https://example.org' };
    const { id } = await importModel(words, true, parts);
    expect(id).toBe('su-sharp');
    const method = parts.catalogue.get(id);
    expect(method.card).toMatchObject({
      name: 'Süß & Sharp',
      licence: 'MIT',
      scales: [2],
      weights: 4 + 108 + 432 + 4 + 1,
    });
    const photo = photoOf(seeded(1).picture(90, 40, 3), 'noise');
    const whole = await enlarge(method, photo, 2, rect(0, 0, 180, 80), onCpu);
    const part = await enlarge(method, photo, 2, rect(60, 20, 40, 30), onCpu);
    const expected = Float32Array.from({ length: 3 * 40 * 30 }, (_, k) => {
      const [x, y, c] = [60 + (k % 40), 20 + (Math.floor(k / 40) % 30), Math.floor(k / 1200)];
      return whole.data[(c * 80 + y) * 180 + x]!;
    });
    expect(largestDifference(part.data, expected)).toBeLessThan(1e-6);
  });

  it('one with windows gives every size, and one that changes no size refines what the bicubic enlarged', async () => {
    const parts = await importing();
    const photo = photoOf(seeded(2).picture(37, 21, 3), 'noise');
    for (const [name, graph] of [
      ['windows', models.windows()],
      ['denoiser', models.denoiser()],
    ] as const) {
      const { id } = await importModel({ path: await fileOf(parts, graph, `${name}.onnx`) }, true, parts);
      const made = await enlarge(parts.catalogue.get(id), photo, 2, rect(0, 0, 74, 42), onCpu);
      expect([made.width, made.height]).toEqual([74, 42]);
    }
  });

  it.each([
    ['a size of its own', models.fixed(96, 64)],
    ['a size of its own, and means of everything', models.fixedWithMeans(64, 64)],
  ])('one for %s gives photos of every size, the same pixels in parts as at once', async (_, graph) => {
    const parts = await importing();
    const { id } = await importModel({ path: await fileOf(parts, graph) }, true, parts);
    const method = parts.catalogue.get(id);
    for (const [width, height] of [
      [210, 150],
      [20, 9],
    ] as const) {
      const photo = photoOf(seeded(4).picture(width, height, 3), `noise ${width}`);
      const whole = await enlarge(method, photo, 2, rect(0, 0, 2 * width, 2 * height), onCpu);
      const asked = rect<'output'>(12, 7, width, height);
      const part = await enlarge(method, photo, 2, asked, onCpu);
      const same = cutOut({ rect: rect(0, 0, 2 * width, 2 * height), pixels: whole }, asked);
      expect(largestDifference(part.data, same.data)).toBeLessThan(1e-5);
    }
  });

  it('one with means of everything holds those of the photo in every tile', async () => {
    const parts = await importing();
    const { id } = await importModel({ path: await fileOf(parts, models.meansOfMeans()) }, true, parts);
    expect(JSON.parse(await readFile(join(parts.userModels, id, 'manifest.json'), 'utf8'))).toMatchObject({
      files: [{ receptiveField: { exact: true }, means: { count: 2, macsPerPixel: 81 } }],
    });
    const picture = seeded(6).picture(150, 100, 3);
    const photo = photoOf(picture, 'noise');
    const method = parts.catalogue.get(id);
    const output = rect<'output'>(0, 0, 300, 200);
    const whole = await enlarge(method, photo, 2, output, onCpu);
    expect(method.tileSide(2)).toBeLessThan(150);
    const asked = rect<'output'>(120, 7, 130, 150);
    const part = await enlarge(method, photo, 2, asked, onCpu);
    const same = cutOut({ rect: output, pixels: whole }, asked);
    expect(largestDifference(part.data, same.data)).toBeLessThan(1e-5);
  });

  it('one for a size of its own learns, and keeps that size', async () => {
    const parts = await importing();
    const { id } = await importModel({ path: await fileOf(parts, models.fixed(96, 64)) }, true, parts);
    const trainee = await traineeOf(parts.catalogue.entry(id), join(resources, 'encoders'), [2]);
    const { count, side } = trainee.patches;
    const options = { loss: 'l1', learns: 'all', count, patch: side, measured: 64 } as const;
    const trainer = await Trainer.open(trainee, options, parts.sessions);
    const flat = (size: number, value: number): Numbers => ({
      dims: [1, 3, size, size],
      data: new Float32Array(3 * size ** 2).fill(value),
    });
    const zeros = new Float32Array(trainer.length);
    const state = { weights: trainer.beginning, firstMoment: zeros, secondMoment: zeros, count: 0 };
    const batch = { input: flat(side, 0.5), target: flat(2 * side, 0.6) };
    const first = await trainer.step(2, batch, state, 1e-3);
    const second = await trainer.step(2, batch, first.next, 1e-3);
    expect(second.loss).toBeLessThan(first.loss);
    expect(trainer.saved(second.next.weights).parts.files).toMatchObject([{ largestInput: 64 }]);
    await trainer.release();
  });

  it('never in the place of one that is there', async () => {
    const parts = await importing();
    const path = await fileOf(parts, models.denoiser(), 'once.onnx');
    await importModel({ path }, true, parts);
    await expect(importModel({ path }, true, parts)).rejects.toThrow(/there is a method once already/);
    await expect(importModel({ path, name: 'Bicubic' }, true, parts)).rejects.toThrow(
      /a method bicubic already/,
    );
  });
});

describe('what cannot become a method is refused with the reason, and leaves nothing', () => {
  it('a whole folder is not blamed where the models of the user cannot be written', async () => {
    const parts = await importing();
    await importModel({ path: await fileOf(parts, models.compact(), 'once.onnx') }, true, parts);
    const draft = (): Promise<string> => Promise.resolve(join(parts.folder, 'gone', 'draft'));
    const catalogue = { list: parts.catalogue.list, draft } as unknown as ImportParts['catalogue'];
    const whole = { path: join(parts.userModels, 'once'), name: 'Twice' };
    await expect(importFolder(whole, true, catalogue)).rejects.toMatchObject({
      fault: { code: 'output-unwritable', file: join(parts.folder, 'gone') },
    });
  });

  const nodes = (...ops: string[]): OnnxGraph['nodes'] =>
    ops.map((op, k) => ({
      op,
      inputs: [k === 0 ? 'input' : `v${k}`],
      outputs: [k === ops.length - 1 ? 'output' : `v${k + 1}`],
    }));
  it.each([
    ['bytes that are no model', new Uint8Array([8, 200, 1, 2, 3]), /an ONNX model that can be read/],
    ['another picture', models.graph(nodes('Sin', 'Exp', 'Neg'), []), /another one: .* dB from what went in/],
    ['one small size', models.fixed(32, 32), /only at the size that it was exported for \(32 x 32\)/],
    ['no picture in', models.graph(nodes('Relu'), [], [1, 10]), /its input has 2 axes/],
    [
      'two pictures in',
      {
        ...models.denoiser(),
        inputs: [
          { name: 'input', dims: [1, 3, 'h', 'w'] },
          { name: 'more', dims: [1] },
        ],
      },
      /it has 2 inputs/,
    ],
    ['old operators', { ...models.denoiser(), opsets: { '': 9 } }, /version 9 of ONNX's operators/],
    [
      'operators of others',
      models.graph([{ op: 'Magic', inputs: ['input'], outputs: ['output'], domain: 'org.example' }], []),
      /Magic is not one of ONNX but of "org.example"/,
    ],
    [
      'branches',
      models.graph(
        [
          {
            op: 'If',
            inputs: ['input'],
            outputs: ['output'],
            attributes: { then_branch: { subgraph: new Uint8Array() } },
          },
        ],
        [],
      ),
      /decides while it runs \(If\)/,
    ],
  ] as [string, OnnxGraph | Uint8Array, RegExp][])('%s', async (_, graph, reason) => {
    const parts = await importing();
    await expect(importModel({ path: await fileOf(parts, graph) }, true, parts)).rejects.toThrow(reason);
    expect(await readdir(parts.userModels).catch(() => [])).toEqual([]);
  });

  it('a file that is not there', async () => {
    const parts = await importing();
    await expect(importModel({ path: join(parts.folder, 'gone.onnx') }, true, parts)).rejects.toThrow(
      /cannot be opened/,
    );
  });

  it('when it is stopped, between two runs', async () => {
    const stop = new AbortController();
    const parts = { ...(await importing()), signal: stop.signal };
    let runs = 0;
    const turn = () => {
      if (++runs === 3) stop.abort();
      return Promise.resolve(() => undefined);
    };
    const path = await fileOf(parts, models.compact());
    await expect(importModel({ path }, true, { ...parts, turn })).rejects.toThrow(/abort/);
    expect(runs).toBe(3);
    expect(await readdir(parts.userModels).catch(() => [])).toEqual([]);
  });
});

it('an id is made of any name', () => {
  expect([idOf('4x Ultra_Sharp.v2'), idOf('한국어'), idOf('--A--')]).toEqual([
    '4x-ultra-sharp-v2',
    'imported',
    'a',
  ]);
});
