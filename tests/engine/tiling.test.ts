import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputSize, rect, wholeOf } from '../../src/shared/geometry';
import type { Manifest } from '../../src/shared/manifest';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { factorsFor } from '../../src/engine/methods/compose';
import type { Method } from '../../src/engine/methods/method';
import { RunCount } from '../../src/engine/methods/runCount';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { FakeRuntime, correct, shortOfMemory, throwing, type Behaviour } from './fakeRuntime';
import { largestDifference } from '../unit/seeded';
import { enlarge, methodsOn, onCpu } from './methodSet';

let resources: string;
beforeEach(async () => (resources = await mkdtemp(join(tmpdir(), 'enlarger-tiling-'))));
afterEach(() => rm(resources, { recursive: true, force: true }));

/** A method of one x2 file in a folder of its own. */
async function addMethod(
  id: string,
  more: Partial<Manifest> & {
    exact?: boolean;
    field?: { before: number; after: number };
    measured?: number;
    align?: number;
  } = {},
): Promise<void> {
  const { exact = true, field = { before: 3, after: 2 }, measured, align, ...changed } = more;
  const folder = join(resources, 'models', id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'x2.onnx'), 'no real model');
  const manifest: Manifest = {
    format: 1,
    id,
    name: id,
    family: 'residual',
    kind: 'network',
    channels: 'rgb',
    scales: [2],
    weights: 1,
    licence: { weights: 'CC0-1.0', data: 'none' },
    paper: { title: 't', authors: 'a', year: 2000 },
    files: [
      {
        scale: 2,
        file: 'x2.onnx',
        sha256: '0'.repeat(64),
        macsPerPixel: 1,
        receptiveField: {
          ...field,
          exact,
          ...(measured !== undefined && { measured: { overlap: measured, step: 0 } }),
        },
        ...(align !== undefined && { align }),
      },
    ],
    figures: {},
    controls: [],
    goodAt: '',
    badAt: '',
    ...changed,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** A network that adds the mean of all it is given: no overlap is wide enough for it. */
const pooling: Behaviour = (input, output) => {
  const result = correct(input, output);
  const mean = input.data.reduce((sum, value) => sum + value, 0) / input.data.length;
  for (let i = 0; i < result.data.length; i++) result.data[i]! += 0.2 * mean;
  return result;
};

function gradient(width: number, height: number): Raster {
  const picture = raster(width, height, 3);
  for (let i = 0; i < picture.data.length; i++) {
    picture.data[i] = ((i % width) / width + (Math.floor(i / width) % height) / height) / 2;
  }
  return picture;
}

const cutOf = (from: Raster, x: number, y: number, width: number, height: number): number[] =>
  Array.from(
    { length: width * height },
    (_, i) => from.data[(y + Math.floor(i / width)) * from.width + x + (i % width)]!,
  );

describe('a network that looks further than any overlap', () => {
  it('has the same pixels however they are asked for, and no seam', async () => {
    await addMethod('pooling', { exact: false });
    const method = (await methodsOn(new FakeRuntime({ cpu: pooling }), resources)).get('pooling');
    const of = gradient(300, 40);
    const photo = photoOf(of, 'test');
    const size = outputSize(of, 2);
    const whole = await enlarge(method, photo, 2, wholeOf<'output'>(size));
    const part = await enlarge(method, photo, 2, rect(190, 11, 37, 23));
    expect(cutOf(part, 0, 0, 37, 23)).toEqual(cutOf(whole, 190, 11, 37, 23));
    const steps = Array.from({ length: size.width - 2 }, (_, x) =>
      Math.abs(whole.data[x + 2]! - whole.data[x]!),
    );
    // The tiles' means differ by about 0.03; faded over the overlap no step is more than a part of that.
    expect(Math.max(...steps)).toBeLessThan(0.015);
  });
});

/** Blackens `far` input pixels along what it is given, as zero padding does that is seen so far. */
const seesItsEdges =
  (far: number): Behaviour =>
  (input, output) => {
    const result = correct(input, output);
    const { width, height, data } = result;
    const isNear = (at: number, length: number): boolean => at < 2 * far || at >= length - 2 * far;
    for (let i = 0; i < data.length; i++)
      if (isNear(i % width, width) || isNear(Math.floor(i / width) % height, height)) data[i] = 0;
    return result;
  };

/** Gives each square of `side` input pixels, counted from the corner of what it is given, its own mean. */
const inRegions =
  (side: number): Behaviour =>
  (input, output) => {
    const { width, height, channels } = input;
    const across = Math.ceil(width / side);
    const regionOf = (i: number): number =>
      (Math.floor(i / (width * height)) * Math.ceil(height / side) +
        Math.floor((Math.floor(i / width) % height) / side)) *
        across +
      Math.floor((i % width) / side);
    const regions = channels * across * Math.ceil(height / side);
    const [sums, counts] = [new Float64Array(regions), new Float64Array(regions)];
    input.data.forEach((value, i) => {
      sums[regionOf(i)]! += value;
      counts[regionOf(i)]! += 1;
    });
    const means = input.data.map((_, i) => sums[regionOf(i)]! / counts[regionOf(i)]!);
    return correct(raster(width, height, channels, means), output);
  };

describe('a network that pools, of which it was measured how far its edges are seen', () => {
  const of = gradient(800, 40); // three tiles
  const size = outputSize(of, 2);

  async function enlarged(behaviour: Behaviour): Promise<Raster> {
    const method = (await methodsOn(new FakeRuntime({ cpu: behaviour }), resources)).get('pooling');
    return enlarge(method, photoOf(of, 'test'), 2, wholeOf<'output'>(size));
  }

  it('shows nothing of the edges of its tiles', async () => {
    await addMethod('pooling', { exact: false, measured: 2 });
    const wanted = correct(of, size).data;
    const apart = (made: Raster): number => largestDifference(made.data, wanted);
    expect(apart(await enlarged(seesItsEdges(2)))).toBeLessThan(1e-6);
    // What is seen further than was measured does show: the tiles are there.
    expect(apart(await enlarged(seesItsEdges(4)))).toBeGreaterThan(0.01);
  });

  it('shows nothing of them either where neighbours share whole regions, fewer than two on each side', async () => {
    await addMethod('pooling', { exact: false, field: { before: 22, after: 22 }, measured: 22, align: 20 });
    const wanted = correct(of, size).data;
    expect(largestDifference((await enlarged(seesItsEdges(22))).data, wanted)).toBeLessThan(1e-6);
    expect(largestDifference((await enlarged(seesItsEdges(24))).data, wanted)).toBeGreaterThan(0.01);
  });

  it('has the regions of the whole picture in every tile, counted from its corner', async () => {
    await addMethod('pooling', { exact: false, measured: 2, align: 7 });
    const made = await enlarged(inRegions(7));
    const whole = inRegions(7)(of, size);
    // The last regions of the picture itself are filled up by what is mirrored beyond its border.
    const apart = made.data.map((v, i) => {
      const [x, y] = [i % size.width, Math.floor(i / size.width) % size.height];
      return x < 14 * 114 && y < 14 * 5 ? Math.abs(v - whole.data[i]!) : 0;
    });
    expect(largestDifference(apart, new Float32Array(apart.length))).toBeLessThan(1e-6);
  });
});

describe('a tile that a network makes whole', () => {
  const photo = photoOf(gradient(420, 40), 'test');

  async function counted(): Promise<{ method: Method; runs: () => number }> {
    await addMethod('pooling', { exact: false });
    let runs = 0;
    const counting: Behaviour = (input, output) => {
      runs += 1;
      return pooling(input, output);
    };
    const catalogue = await methodsOn(new FakeRuntime({ cpu: counting }), resources);
    return { method: catalogue.get('pooling'), runs: () => runs };
  }

  it('is made once, however many rectangles touch it, one after another or at once', async () => {
    const { method, runs } = await counted();
    const parts = [0, 140, 280, 420, 560, 700].map((x) => rect<'output'>(x, 0, 140, 80));
    await Promise.all(parts.map((part) => enlarge(method, photo, 2, part)));
    expect(runs()).toBe(3); // 420 pixels are three tiles, of which none is over 160 wide
    await enlarge(method, photo, 2, rect(90, 5, 300, 40));
    expect(runs()).toBe(3);
    await enlarge(method, photoOf(gradient(420, 40), 'another'), 2, rect(0, 0, 10, 10));
    expect(runs()).toBe(4);
  });

  it('tells how far a rectangle is after each run, and of what is kept at once', async () => {
    const { method } = await counted();
    const sharesOf = async (output: ReturnType<typeof rect<'output'>>): Promise<number[]> => {
      const shares: number[] = [];
      const runs = new RunCount((share) => shares.push(share));
      const { signal } = new AbortController();
      await method.enlarge({ photo, scale: 2, output, runSettings: onCpu, signal, runs }, { to: 'raster' });
      return shares;
    };
    expect(await sharesOf(rect(0, 0, 10, 10))).toEqual([1]);
    expect(await sharesOf(rect(0, 0, 840, 80))).toEqual([1 / 3, 2 / 3, 1]);
  });

  it('is made by the next caller where the first one was stopped, and in every pass of a cascade', async () => {
    const { method, runs } = await counted();
    const stopping = new AbortController();
    const order = { photo, scale: 2, output: rect<'output'>(0, 0, 50, 50), runSettings: onCpu };
    const stopped = method.enlarge({ ...order, signal: stopping.signal }, { to: 'raster' });
    const next = enlarge(method, photo, 2, order.output);
    stopping.abort();
    await expect(stopped).rejects.toThrow(/abort/);
    expect((await next).width).toBe(50);
    const before = runs();
    const twice = await enlarge(method, photo, 4, rect(0, 0, 60, 60), { ...onCpu, cascade: true });
    expect(twice.width).toBe(60);
    expect(runs()).toBeGreaterThan(before);
  });
});

describe('a device that is short of memory', () => {
  it('gets smaller tiles, with a word, and the result is the same', async () => {
    await addMethod('hungry');
    const of = gradient(260, 200);
    const photo = photoOf(of, 'test');
    const whole = wholeOf<'output'>(outputSize(of, 2));
    const easy = (await methodsOn(new FakeRuntime(), resources)).get('hungry');
    const catalogue = await methodsOn(new FakeRuntime({ cpu: shortOfMemory(80) }), resources);
    const short = await enlarge(catalogue.get('hungry'), photo, 2, whole);
    expect(short.data).toEqual((await enlarge(easy, photo, 2, whole)).data);
    expect(catalogue.notices).toContain('Memory was short on cpu: hungry goes on in tiles of 50 pixels.');
  });

  it('that cannot do the smallest tile is a fault', async () => {
    await addMethod('hungry');
    const catalogue = await methodsOn(new FakeRuntime({ cpu: throwing('out of memory') }), resources);
    const photo = photoOf(gradient(50, 50), 'test');
    await expect(enlarge(catalogue.get('hungry'), photo, 2, rect(0, 0, 100, 100))).rejects.toMatchObject({
      fault: { code: 'device-failed', detail: 'out of memory' },
    });
  });
});

describe('a device that fails in the middle of a photo', () => {
  it('is dropped with a sentence, and the CPU goes on', async () => {
    await addMethod('lost');
    let runs = 0;
    const fails: Behaviour = (input, output) => {
      if (++runs > 4) throw new Error('device lost');
      return correct(input, output);
    };
    const slow: Behaviour = (input, output) => {
      for (let i = 0; i < 20; i++) correct(input, output);
      return correct(input, output);
    };
    const runtime = new FakeRuntime({ cpu: slow, webgpu: fails });
    const catalogue = await methodsOn(runtime, resources);
    const photo = photoOf(gradient(200, 150), 'test');
    const runSettings = { ...onCpu, device: 'auto' as const };
    const whole = wholeOf<'output'>({ width: 400, height: 300 });
    const made = await enlarge(catalogue.get('lost'), photo, 2, whole, runSettings);
    const right = await enlarge(catalogue.get('lost'), photo, 2, whole);
    expect(made.data).toEqual(right.data);
    expect(catalogue.notices.join(' ')).toContain(
      'is not used for lost: it failed while running: device lost.',
    );
    expect(runtime.ran.at(-1)).toBe('cpu');
  });
});

describe('the folder of models', () => {
  it('leaves out what is not a method, with a word each, and keeps the rest', async () => {
    await addMethod('good');
    await addMethod('other-name');
    await mkdir(join(resources, 'models', 'broken'));
    await writeFile(join(resources, 'models', 'broken', 'manifest.json'), '{');
    await rm(join(resources, 'models', 'other-name', 'x2.onnx'));
    const catalogue = await methodsOn(new FakeRuntime(), resources);
    expect(catalogue.all.map(({ id }) => id)).toEqual([
      'nearest',
      'bilinear',
      'bicubic',
      'lanczos',
      'lanczos-consistent',
      'good',
    ]);
    expect(catalogue.notices).toHaveLength(2);
    expect(catalogue.notices[0]).toMatch(/resources\/models\/broken was left out/);
  });

  it('lets no folder replace a built-in method, and says that a folder holds none', async () => {
    const missing = await methodsOn(new FakeRuntime(), resources);
    expect(missing.notices.join()).toMatch(/models was not found; only interpolation is here/);
    await mkdir(join(resources, 'models'));
    const empty = await methodsOn(new FakeRuntime(), resources);
    expect(empty.notices.join()).toMatch(/models holds no method; only interpolation is here/);
    await addMethod('bicubic');
    const catalogue = await methodsOn(new FakeRuntime(), resources);
    expect(catalogue.get('bicubic').networks).toEqual([]);
    expect(catalogue.notices.join()).toMatch(
      /models\/bicubic was left out: there is a built-in method of this name/,
    );
  });

  it('says which methods there are, the likeliest first, when asked for another', async () => {
    await addMethod('fsrcnn');
    const catalogue = await methodsOn(new FakeRuntime(), resources);
    expect(() => catalogue.get('fsrcn')).toThrow(/received "fsrcn"; there are: fsrcnn, /);
  });

  it('refuses a model file that is not the one of the manifest', async () => {
    await addMethod('changed');
    const method = (await methodsOn(undefined, resources)).get('changed');
    const photo = photoOf(gradient(8, 8), 'test');
    await expect(enlarge(method, photo, 2, rect(0, 0, 16, 16))).rejects.toMatchObject({
      fault: { code: 'bad-model', file: 'x2.onnx' },
    });
  });
});

describe('composing a scale', () => {
  it.each([
    [1, []],
    [1.01, [2]],
    [2, [2]],
    [2.5, [3]],
    [4, [4]],
    [4.1, [4]],
    [30, [4]],
  ])('x%d takes one pass, of the factors %j', (scale, factors) => {
    expect(factorsFor(scale, [2, 3, 4])).toEqual(factors);
  });

  it.each([
    [1, []],
    [2.5, [3]],
    [4, [4]],
    [4.1, [2, 3]],
    [7, [2, 4]],
    [8.5, [3, 3]],
    [16, [4, 4]],
    [17, [2, 3, 3]],
    [30, [2, 4, 4]],
  ])('in a cascade x%d takes the factors %j', (scale, factors) => {
    expect(factorsFor(scale, [2, 3, 4], true)).toEqual(factors);
  });

  it('makes do with one scale', () => {
    expect(factorsFor(30, [4], true)).toEqual([4, 4, 4]);
    expect(factorsFor(3, [2], true)).toEqual([2, 2]);
    expect(factorsFor(3, [2])).toEqual([2]);
  });
});
