import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { grow, outputSize, rect, wholeOf } from '../../src/shared/geometry';
import { borderOf, type Manifest } from '../../src/shared/manifest';
import { cutMirrored } from '../../src/engine/kernels/margin';
import { SAMPLE_SIDE, samplesOf } from '../../src/engine/kernels/samples';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { cutOut } from '../../src/engine/kernels/window';
import type { Method } from '../../src/engine/methods/method';
import { ModelMethod } from '../../src/engine/methods/modelMethod';
import { RunCount } from '../../src/engine/methods/runCount';
import { GraphBuilder } from '../../src/engine/onnx/graphBuilder';
import { sha256Of } from '../../src/engine/onnx/modelRef';
import { onnxModel } from '../../src/engine/onnx/onnxModel';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import type { Network, RealDevice, Runtime } from '../../src/engine/runtime/runtime';
import { ownFolder } from '../fixtures/ownFolder';
import { largestDifference } from '../unit/seeded';
import { correct } from './fakeRuntime';
import { enlarge, methodsOn, onCpu, resources as bundled } from './methodSet';

/** How much of the mean over the whole picture the network adds to every pixel. */
const SHARE = 0.2;

/** Adds a share of each channel's mean, which it takes in one of ONNX's ways, and doubles every pixel. */
function averaging(opset: number, pool = false): Uint8Array {
  const g = new GraphBuilder(opset, 'net');
  const mean = pool ? g.op('GlobalAveragePool', ['input']) : g.reduce('ReduceMean', 'input', [-2, 3], true);
  const sum = g.add('input', g.scaled(mean, SHARE));
  const four = g.op('Concat', [sum, sum, sum, sum], { axis: 1 });
  g.nodes.push({ op: 'DepthToSpace', inputs: [four], outputs: ['output'], attributes: { blocksize: 2 } });
  return onnxModel({
    inputs: [{ name: 'input', dims: [1, 3, 'height', 'width'] }],
    outputs: [{ name: 'output', dims: [1, 3, 'outHeight', 'outWidth'] }],
    nodes: g.nodes,
    weights: g.weights,
    opsets: { '': opset },
  });
}

let resources: string;
beforeEach(async () => (resources = await ownFolder('surveyed')));

async function methodOf(
  model: Uint8Array,
  more: Partial<Manifest['files'][number]> = {},
  runtime: Runtime = onnxRuntime,
): Promise<Method & { notices: string[] }> {
  const folder = join(resources, 'models', 'averaging');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'x2.onnx'), model);
  const manifest: Manifest = {
    format: 1,
    id: 'averaging',
    name: 'Averaging',
    family: 'attention',
    kind: 'network',
    channels: 'rgb',
    scales: [2],
    weights: 1,
    licence: { weights: 'CC0-1.0', data: 'none' },
    paper: null,
    files: [
      {
        scale: 2,
        file: 'x2.onnx',
        sha256: sha256Of(model),
        macsPerPixel: 1,
        means: { count: 1, macsPerPixel: 0 },
        receptiveField: { before: 0, after: 0, exact: true },
        ...more,
      },
    ],
    figures: {},
    controls: [],
    goodAt: '',
    badAt: '',
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const catalogue = await methodsOn(runtime, resources);
  return Object.assign(catalogue.get('averaging'), { notices: catalogue.notices });
}

/** Brighter to the right and below, so that every part has a mean of its own. */
function gradient(width: number, height: number): Raster {
  const picture = raster(width, height, 3);
  for (let i = 0; i < picture.data.length; i++)
    picture.data[i] = ((i % width) / width + (Math.floor(i / width) % height) / height) / 3;
  return picture;
}

/** What the network makes of a picture whose channels have these means. */
function expected(of: Raster, meanOf: (channel: number) => number): Float32Array {
  const { data } = correct(of, outputSize(of, 2));
  const means = [0, 1, 2].map(meanOf);
  return data.map((value, i) => value + SHARE * means[Math.floor((3 * i) / data.length)]!);
}

function meanIn(
  { data, width, height }: Raster,
  channel: number,
  within = wholeOf({ width, height }),
): number {
  let sum = 0;
  for (let y = within.y; y < within.y + within.height; y++)
    for (let x = within.x; x < within.x + within.width; x++) sum += data[(channel * height + y) * width + x]!;
  return sum / (within.width * within.height);
}

const wholeEnlargement = (of: Raster) => wholeOf<'output'>(outputSize(of, 2));

/** Several tiles; samples of it lie within it. */
const large = gradient(700, 240);

/** What samples of a picture say: without the outermost 4 pixels of each. */
function sampledMean(of: Raster, channel: number): number {
  const inside = samplesOf(of).map(({ x, y, width, height }) => rect(x + 4, y + 4, width - 8, height - 8));
  return inside.reduce((sum, part) => sum + meanIn(of, channel, part), 0) / inside.length;
}

interface Run {
  readonly how: 'whole' | 'survey' | 'tile';
  readonly device: RealDevice;
  /** Of all pictures that it is given. */
  readonly pixels: number;
}

/** The runtime, with what its networks ran; `fail` may throw as a device does. */
function counting(fail: (run: Run) => void = () => undefined): {
  runtime: Runtime;
  runs: Run['how'][];
} {
  const runs: Run['how'][] = [];
  const open: Runtime['open'] = async (model, device) => {
    const network = await onnxRuntime.open(model, 'cpu');
    const note = (how: Run['how'], pixels: number): void => {
      runs.push(how);
      fail({ how, device, pixels });
    };
    return {
      inputs: network.inputs,
      outputs: network.outputs,
      run: (input, ...rest) => {
        note('whole', input.width * input.height);
        return network.run(input, ...rest);
      },
      evaluate: async (offered, wanted) => {
        const [pictures, , height, width] = offered.input!.dims as [number, number, number, number];
        note('output' in wanted ? 'tile' : 'survey', pictures * height * width);
        return network.evaluate(offered, wanted);
      },
      release: () => network.release(),
    } satisfies Network;
  };
  const devices: RealDevice[] = ['cpu', 'cuda'];
  return { runtime: { ...onnxRuntime, devices, probe: () => Promise.resolve(), open }, runs };
}

const outOfMemoryAbove =
  (most: number) =>
  ({ pixels }: Run): void => {
    if (pixels > most) throw new Error('out of memory');
  };

describe('a network that takes means over the whole picture', () => {
  it.each([
    ['ReduceMean, its axes an attribute', averaging(17)],
    ['ReduceMean, its axes an input', averaging(18)],
    ['GlobalAveragePool', averaging(17, true)],
  ])('gives every tile the means of samples of the photo: %s', async (_, model) => {
    const made = await enlarge(await methodOf(model), photoOf(large, 'test'), 2, wholeEnlargement(large));
    const wanted = expected(large, (channel) => sampledMean(large, channel));
    expect(largestDifference(made.data, wanted)).toBeLessThan(1e-5);
    expect(
      largestDifference(
        wanted,
        expected(large, (channel) => meanIn(large, channel)),
      ),
    ).toBeLessThan(5e-4);
  });

  it('has the same pixels however they are asked for', async () => {
    const method = await methodOf(averaging(17));
    const part = await enlarge(method, photoOf(large, 'test'), 2, rect(611, 101, 137, 99));
    const whole = await enlarge(
      await methodOf(averaging(17)),
      photoOf(large, 'test'),
      2,
      wholeEnlargement(large),
    );
    const cut = part.data.map((_, i) => {
      const [x, y, c] = [i % 137, Math.floor(i / 137) % 99, Math.floor(i / (137 * 99))];
      return whole.data[(c * 480 + 101 + y) * 1400 + 611 + x]!;
    });
    expect(largestDifference(part.data, cut)).toBeLessThan(1e-6);
  });

  it('is asked for its means once for each photo, by whichever tile comes first, and tells of it as work', async () => {
    const { runtime, runs } = counting();
    const method = await methodOf(averaging(17), {}, runtime);
    const photo = photoOf(large, 'test');
    runs.length = 0;
    const shares: number[] = [];
    const tile = (x: number): Promise<unknown> =>
      method.enlarge(
        {
          photo,
          scale: 2,
          output: rect(x, 0, 100, 100),
          runSettings: onCpu,
          signal: new AbortController().signal,
          runs: new RunCount((share) => shares.push(share)),
        },
        { to: 'raster' },
      );
    await Promise.all([tile(0), tile(400)]);
    await tile(800);
    const surveys = Math.ceil(samplesOf(large).length / (128 / SAMPLE_SIDE) ** 2); // as large as tiles
    expect(runs.filter((run) => run === 'survey')).toHaveLength(surveys);
    expect(runs.filter((run) => run === 'tile')).toHaveLength(3);
    expect(shares.every((share) => share > 0 && share <= 1) && shares.at(-1) === 1).toBe(true);
    await enlarge(method, photoOf(large, 'another'), 2, rect(0, 0, 10, 10));
    expect(runs.filter((run) => run === 'survey')).toHaveLength(2 * surveys);
  });

  it('takes the means of a photo of one tile from all of it, in one run for all that is asked for', async () => {
    const { runtime, runs } = counting();
    const small = gradient(90, 60);
    const method = await methodOf(averaging(17), {}, runtime);
    const photo = photoOf(small, 'test');
    runs.length = 0;
    const made = await enlarge(method, photo, 2, wholeEnlargement(small));
    await enlarge(method, photo, 2, rect(30, 20, 50, 40));
    expect(
      largestDifference(
        made.data,
        expected(small, (channel) => meanIn(small, channel)),
      ),
    ).toBeLessThan(1e-5);
    expect(runs).toEqual(['whole']);
  });

  it('goes on with samples where memory is too short for all of such a photo', async () => {
    const { runtime } = counting(outOfMemoryAbove(10_000));
    const method = await methodOf(averaging(17), {}, runtime);
    const of = gradient(127, 100);
    const made = await enlarge(method, photoOf(of, 'test'), 2, wholeEnlargement(of));
    expect(
      largestDifference(
        made.data,
        expected(of, (channel) => meanIn(of, channel)),
      ),
    ).toBeLessThan(1e-3);
    expect(method.notices).toEqual([expect.stringContaining('Memory was short on cpu')]);
  });

  it('finds out once that such a photo does not fit, however many of its tiles wait for it', async () => {
    const { runtime } = counting(outOfMemoryAbove(10_000));
    const method = await methodOf(averaging(17), {}, runtime);
    const photo = photoOf(gradient(127, 120), 'test');
    const parts = [0, 50, 100, 150].map((x) => rect<'output'>(x, 0, 80, 240));
    const made = await Promise.all(parts.map((part) => enlarge(method, photo, 2, part)));
    expect(made.map(({ width }) => width)).toEqual([80, 80, 80, 80]);
    expect(method.notices).toEqual([expect.stringContaining('in tiles of 64 pixels')]);
  });

  it('takes its means on the next device where one fails at them, and in smaller runs before', async () => {
    const { runtime, runs } = counting(({ how, device }) => {
      // By far the slower one, so that the other is chosen whatever else the machine does.
      if (device === 'cpu' && how === 'whole')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      if (how === 'survey' && device === 'cuda') throw new Error('gpu lost');
    });
    const method = await methodOf(averaging(17), {}, runtime);
    runs.length = 0;
    const made = await enlarge(method, photoOf(large, 'test'), 2, rect(0, 0, 100, 100), {
      ...onCpu,
      device: 'auto',
    });
    const wanted = expected(large, (channel) => sampledMean(large, channel));
    expect(made.data[0]).toBeCloseTo(wanted[0]!, 5);
    expect(method.notices.join()).toContain('CUDA');
    expect(runs.filter((how) => how === 'survey').length).toBeGreaterThan(2);
  });

  it('does not run a strip whole that its mirrored border makes many times as large', async () => {
    const { runtime, runs } = counting();
    const border = { before: 10, after: 10, exact: true };
    const method = await methodOf(averaging(17), { receptiveField: border }, runtime);
    runs.length = 0;
    const strip = gradient(15_000, 1);
    await enlarge(method, photoOf(strip, 'test'), 2, rect(0, 0, 100, 2));
    expect(runs).toEqual(['survey', 'tile']);
  });

  it('is refused where its means are no numbers', async () => {
    const { runtime } = counting();
    const open: Runtime['open'] = async (...asked) => {
      const network = await runtime.open(...asked);
      const evaluate: Network['evaluate'] = async (offered, wanted) => {
        const given = await network.evaluate(offered, wanted);
        if (!('output' in wanted)) given.forEach(({ data }) => data.fill(NaN));
        return given;
      };
      return { ...network, evaluate };
    };
    const method = await methodOf(averaging(17), {}, { ...runtime, open });
    await expect(enlarge(method, photoOf(large, 'test'), 2, rect(0, 0, 9, 9))).rejects.toMatchObject({
      fault: { code: 'bad-model', message: expect.stringContaining('not finite numbers') as string },
    });
  });

  it('has in all eight orientations the means of the photo as it lies there', async () => {
    const settings = { ...onCpu, ensemble: true };
    const made = await enlarge(
      await methodOf(averaging(17)),
      photoOf(large, 'test'),
      2,
      wholeEnlargement(large),
      settings,
    );
    const wanted = expected(large, (channel) => sampledMean(large, channel));
    expect(largestDifference(made.data, wanted)).toBeLessThan(1e-5);
  });

  it('is surveyed pass by pass where one follows the other', async () => {
    const settings = { ...onCpu, cascade: true };
    const of = gradient(200, 50);
    const made = await enlarge(
      await methodOf(averaging(17)),
      photoOf(of, 'test'),
      4,
      rect(0, 0, 800, 200),
      settings,
    );
    const once = raster(400, 100, 3, Float32Array.from(expected(of, (channel) => meanIn(of, channel))));
    const twice = expected(once, (channel) => meanIn(once, channel));
    expect(largestDifference(made.data, twice)).toBeLessThan(2e-3);
  });

  it('is refused where its file takes other means than the manifest says', async () => {
    const method = await methodOf(averaging(17), { means: { count: 2, macsPerPixel: 0 } });
    await expect(enlarge(method, photoOf(large, 'test'), 2, rect(0, 0, 9, 9))).rejects.toMatchObject({
      fault: {
        code: 'bad-model',
        message: expect.stringMatching(/2 means over the whole picture.*found 1/) as string,
      },
    });
  });
});

describe('RCAN', () => {
  it('makes of a photo of several tiles what one run makes of all of it, to a step of 8 bits', async () => {
    // A photo of several tiles is large: one that has no room in one run has several sooner.
    const { runtime } = counting(outOfMemoryAbove(20_000));
    const method = (await methodsOn(runtime)).get('rcan-small');
    if (!(method instanceof ModelMethod)) throw new Error('RCAN has files');
    const chart = await sharp(join(bundled, 'sample/chart.png'))
      .resize(500, 64, { fit: 'cover' })
      .removeAlpha()
      .raw()
      .toBuffer();
    const of = raster(500, 64, 3);
    chart.forEach((value, i) => (of.data[(i % 3) * 32_000 + Math.floor(i / 3)] = value / 255));
    const { file, runner } = method.files[0]!;
    const made = await enlarge(method, photoOf(of, 'chart'), 2, wholeEnlargement(of));
    expect(of.width).toBeGreaterThan(2 * runner.tileSide);
    const { before: border } = borderOf(file.receptiveField);
    const around = grow(wholeOf(of), border);
    const network = await onnxRuntime.open(runner.model, 'cpu');
    const whole = await network.run(
      cutMirrored({ rect: wholeOf(of), pixels: of }, around, of),
      outputSize(around, 2),
    );
    await network.release();
    const inside = rect(2 * border, 2 * border, 1000, 128);
    const direct = cutOut({ rect: wholeOf(whole), pixels: whole }, inside);
    expect(255 * largestDifference(made.data, direct.data)).toBeLessThan(1);
  });
});
