import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputSize, wholeOf } from '../../src/shared/geometry';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { fromHalf, toHalf } from '../../src/engine/onnx/half';
import type { OnnxWeight } from '../../src/engine/onnx/graph';
import { onnxModel } from '../../src/engine/onnx/onnxModel';
import type { RealDevice, Runtime } from '../../src/engine/runtime/runtime';
import type { ModelRef } from '../../src/engine/onnx/modelRef';
import { blendWeights, modelAt } from '../../src/engine/onnx/weightBlend';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { enlarge, methodsOn, onCpu } from './methodSet';

type Kind = 'float32' | 'float16';

/** A refining network that multiplies every colour by `gain`: a 1 x 1 convolution. */
function gainModel(gain: number, kind: Kind): { model: Uint8Array; weight: Uint8Array } {
  const diagonal = Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? gain : 0));
  const values = kind === 'float32' ? Float32Array.from(diagonal) : Uint16Array.from(diagonal, toHalf);
  const stored: OnnxWeight = { name: 'stored', dims: [3, 3, 1, 1], values };
  const model = onnxModel({
    inputs: [{ name: 'input', dims: [1, 3, 'h', 'w'] }],
    outputs: [{ name: 'output', dims: [1, 3, 'h', 'w'] }],
    nodes: [
      { op: 'Cast', inputs: ['stored'], outputs: ['weight'], attributes: { to: 1 } },
      { op: 'Conv', inputs: ['input', 'weight'], outputs: ['output'] },
    ],
    weights: [stored],
  });
  return { model, weight: Buffer.from(values.buffer) };
}

const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-strength-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FIRST_GAIN = 1;
const SECOND_GAIN = 0.5;

/** Writes a method `id` between two gains, its second file as `spoil` leaves it. */
async function writeMethod(
  id: string,
  kind: Kind,
  spoil: (second: Uint8Array) => Uint8Array = (second) => second,
): Promise<void> {
  const [first, second] = [gainModel(FIRST_GAIN, kind), gainModel(SECOND_GAIN, kind)];
  const offset = Buffer.from(first.model).indexOf(first.weight);
  const spoiled = spoil(second.model);
  const at = join(folder, 'models', id);
  await mkdir(at, { recursive: true });
  await writeFile(join(at, 'gan.onnx'), first.model);
  await writeFile(join(at, 'psnr.onnx'), spoiled);
  const manifest = {
    format: 1,
    id,
    name: id,
    family: 'adversarial',
    kind: 'preUpsampled',
    channels: 'rgb',
    scales: [2],
    weights: 9,
    licence: { weights: 'MIT', data: 'none' },
    goodAt: '',
    badAt: '',
    paper: { title: 't', authors: 'a', year: 2018 },
    files: [
      {
        scale: 0,
        file: 'gan.onnx',
        sha256: sum(first.model),
        macsPerPixel: 9,
        receptiveField: { before: 0, after: 0 },
        blend: {
          file: 'psnr.onnx',
          sha256: sum(spoiled),
          ranges: [{ offset, bytes: first.weight.length, type: kind }],
        },
      },
    ],
    controls: [{ id: 'strength', default: 0.8 }],
    figures: {},
  };
  await writeFile(join(at, 'manifest.json'), JSON.stringify(manifest));
}

const photo = raster(
  12,
  9,
  3,
  Float32Array.from({ length: 324 }, (_, i) => 0.3 + 0.2 * Math.sin(i)),
);

function at(catalogue: Catalogue, id: string, strength?: number): Promise<Raster> {
  const whole = wholeOf<'output'>(outputSize(photo, 2));
  return enlarge(catalogue.get(id), photoOf(photo, 'test'), 2, whole, { ...onCpu, strength });
}

/** The one number that the whole result is of the bicubic enlargement. */
async function gainOf(catalogue: Catalogue, id: string, strength?: number): Promise<number> {
  const [made, plain] = [await at(catalogue, id, strength), await at(catalogue, 'bicubic')];
  const gains = Array.from(made.data, (value, i) => value / plain.data[i]!);
  expect(Math.max(...gains) - Math.min(...gains)).toBeLessThan(1e-5);
  return gains[0]!;
}

describe('strength', () => {
  it.each<Kind>(['float32', 'float16'])('goes from one file of %s to the other', async (kind) => {
    await writeMethod(`gain-${kind}`, kind);
    const catalogue = await methodsOn(onnxRuntime, folder);
    expect(catalogue.notices).toEqual([]);
    const gain = (strength?: number): Promise<number> => gainOf(catalogue, `gain-${kind}`, strength);
    expect(await gain(1)).toBeCloseTo(FIRST_GAIN, 5);
    expect(await gain(0)).toBeCloseTo(SECOND_GAIN, 5);
    expect(await gain(0.25)).toBeCloseTo(0.625, 5);
    expect(await gain()).toBeCloseTo(toHalfExactly(kind, 0.9), 5);
    const method = catalogue.get(`gain-${kind}`);
    expect(method.card.controls).toEqual([{ id: 'strength', default: 0.8 }]);
    expect(method.networks.map(({ model }) => model.path.split('/').at(-1))).toEqual([
      'gan.onnx',
      'psnr.onnx',
    ]);
  });

  it('opens the files themselves at its ends, and one network a hundredth between', async () => {
    await writeMethod('counted', 'float32');
    const opened: ModelRef[] = [];
    const counting: Runtime = {
      ...onnxRuntime,
      open: (model: ModelRef, device: RealDevice) => {
        opened.push(model);
        return onnxRuntime.open(model, device);
      },
    };
    const catalogue = await methodsOn(counting, folder);
    for (const strength of [0.501, 0.5, 0.4999, 1, 0.999, 0, 0.004]) await at(catalogue, 'counted', strength);
    expect(opened.map(({ path, blended }) => [path.split('/').at(-1), blended?.share])).toEqual([
      ['gan.onnx', 0.5],
      ['gan.onnx', undefined],
      ['psnr.onnx', undefined],
    ]);
  });

  it('refuses a second file of another layout, or one that is not what the manifest describes', async () => {
    await writeMethod('longer', 'float32', (second) => Buffer.concat([second, Buffer.of(0)]));
    await writeMethod('changed', 'float32', (second) => {
      const copy = Buffer.from(second);
      copy[copy.indexOf('Conv')] = 'K'.charCodeAt(0);
      return copy;
    });
    await writeMethod('forged', 'float32');
    await writeFile(join(folder, 'models', 'forged', 'psnr.onnx'), 'not a model');
    const catalogue = await methodsOn(onnxRuntime, folder);
    await expect(at(catalogue, 'longer', 0.5)).rejects.toThrow(/of one layout, but they have \d+ and \d+/);
    await expect(at(catalogue, 'changed', 0.5)).rejects.toThrow(/which are no weights, differ/);
    await expect(at(catalogue, 'forged', 0.5)).rejects.toThrow(/psnr\.onnx to be the file that its manifest/);
  });
});

/** A gain as the network has it after its weights were rounded to their kind. */
const toHalfExactly = (kind: Kind, gain: number): number =>
  kind === 'float16' ? fromHalf(toHalf(gain)) : gain;

describe('blended weights', () => {
  const model = { method: 'm', path: '/m.onnx', sha256: 'a', bytes: 8 };

  it('leave a model without a second file alone', () => {
    expect(modelAt(model, 0.3)).toBe(model);
  });

  it('mix what lies in the ranges, at any offset', () => {
    const first = Buffer.alloc(13, 7);
    const second = Buffer.alloc(13, 7);
    first.writeFloatLE(3, 1);
    second.writeFloatLE(-1, 1);
    first.writeUInt16LE(toHalf(0.5), 9);
    second.writeUInt16LE(toHalf(2), 9);
    const ranges = [
      { offset: 9, bytes: 2, type: 'float16' as const },
      { offset: 1, bytes: 4, type: 'float32' as const },
    ];
    const mixed = Buffer.from(blendWeights(first, second, ranges, 0.75, 'm.onnx'));
    expect([mixed[0], mixed.readFloatLE(1), fromHalf(mixed.readUInt16LE(9)), mixed[12]]).toEqual([
      7, 2, 0.875, 7,
    ]);
    expect(first.readFloatLE(1)).toBe(3);
  });

  it.each([
    ['beyond the file', { offset: 4, bytes: 8, type: 'float32' as const }],
    ['of part of a weight', { offset: 0, bytes: 6, type: 'float32' as const }],
  ])('refuse a range %s', (_, range) => {
    const bytes = Buffer.alloc(8);
    expect(() => blendWeights(bytes, bytes, [range], 0.5, 'm.onnx')).toThrow(/not one of whole weights/);
  });
});

describe('half precision', () => {
  it('gives every half back', () => {
    const all = Array.from({ length: 0x10000 }, (_, bits) => bits);
    const back = (bits: number): number => toHalf(fromHalf(bits));
    // Of what is not a number there are many; one of them comes back.
    const lost = all.filter((bits) => back(bits) !== bits && !Number.isNaN(fromHalf(bits)));
    expect(lost).toEqual([]);
    expect(fromHalf(toHalf(NaN))).toBeNaN();
  });

  it('rounds to the nearest, ties to even', () => {
    // 1 + 1/2048 lies between 1 (even) and 1 + 1/1024; 3/2048 between an odd and an even one.
    expect(fromHalf(toHalf(1 + 1 / 2048))).toBe(1);
    expect(fromHalf(toHalf(1 + 3 / 2048))).toBe(1 + 2 / 1024);
    expect(fromHalf(toHalf(2.5 * 2 ** -24))).toBe(2 * 2 ** -24);
    expect([65519, 65520, -1e9].map((value) => fromHalf(toHalf(value)))).toEqual([
      65504,
      Infinity,
      -Infinity,
    ]);
  });
});
