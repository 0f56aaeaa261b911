import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeatureCache } from '../../src/engine/methods/implicit/featureCache';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import type { Method } from '../../src/engine/methods/method';
import type { RunSettings } from '../../src/engine/runtime/runSettings';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { loadCatalogue } from '../../src/engine/methods/loadCatalogue';
import type { Network, Runtime } from '../../src/engine/runtime/runtime';
import { orient, ORIENTATIONS } from '../../src/engine/kernels/orient';
import type { Photo } from '../../src/engine/photos/photo';
import { pixelsInPlace } from '../../src/engine/pixels/pixels';
import { cutMirrored } from '../../src/engine/kernels/margin';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { resample } from '../../src/engine/kernels/resample/resample';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { grow, outputSize, rect, sourcePosition, wholeOf, type Rect } from '../../src/shared/geometry';
import {
  addingPrior,
  bilinearDecoder,
  convolution,
  meanPrior,
  writeImplicit,
} from '../fixtures/implicitModels';
import { cropped, largestDifference, seeded } from '../unit/seeded';
import { enlarge, onCpu, runnersOn } from './methodSet';

const STEP = 1 / 255;
/** No symmetry at all, so that every mistaken direction shows. */
const KERNEL = [0.02, 0.07, -0.05, 0.11, 0.6, 0.04, -0.03, 0.13, 0.09];

let resources: string;
beforeEach(async () => (resources = await mkdtemp(join(tmpdir(), 'enlarger-implicit-'))));
afterEach(() => rm(resources, { recursive: true, force: true }));

/** Which files were run, on the real runtime. */
function counting(): Runtime & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    version: onnxRuntime.version,
    devices: ['cpu'],
    probe: (device) => onnxRuntime.probe(device),
    async open(model, device) {
      const network = await onnxRuntime.open(model, device);
      const counted: Network = {
        inputs: network.inputs,
        outputs: network.outputs,
        run: (...given) => network.run(...given),
        release: () => network.release(),
        evaluate: (...given) => {
          ran.push(model.path.replace(/^.*[/-]/, ''));
          return network.evaluate(...given);
        },
      };
      return counted;
    },
  };
}

/** A photo, and what was read of it. */
function watched(photo: Photo): { photo: Photo; reads: Rect[] } {
  const reads: Rect[] = [];
  const read: Photo['read'] = (part, options) => {
    reads.push(part);
    return photo.read(part, options);
  };
  return { photo: { ...photo, read }, reads };
}

interface Loaded {
  readonly catalogue: Catalogue;
  readonly features: FeatureCache;
  readonly notices: readonly string[];
}

async function loaded(
  runtime: Runtime = onnxRuntime,
  features = new FeatureCache(),
  exact = false,
): Promise<Loaded> {
  const runners = await runnersOn(runtime);
  const catalogue = await loadCatalogue(
    { resources, userModels: undefined },
    { ...runners, pixels: pixelsInPlace, features, exact },
  );
  return { catalogue, features, notices: runners.notices };
}

async function plainMethod(more: Parameters<typeof writeImplicit>[3] = {}): Promise<Method> {
  await writeImplicit(
    resources,
    'plain',
    { source: [convolution(KERNEL)], decoder: bilinearDecoder() },
    more,
  );
  return (await loaded()).catalogue.get('plain');
}

/** The convolution of the test models, by its definition. */
function convolved(of: Raster, kernel: readonly number[] = KERNEL): Raster {
  const { width, height, channels } = of;
  const result = raster(width, height, channels);
  for (let c = 0, k = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, k++) {
        for (const [tap, weight] of kernel.entries()) {
          const [row, column] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          result.data[k]! += weight * of.data[(c * height + row) * width + column]!;
        }
      }
    }
  }
  return result;
}

/**
 * What a test model makes of a photo: the convolution of the photo mirrored beyond its border, and between its pixels
 * the bilinear.
 */
function expected(of: Raster, scale: number, output: Rect<'output'>, kernel = KERNEL): Raster {
  const MARGIN = 3;
  const grown = grow(wholeOf(of), MARGIN);
  const seen = convolved(cutMirrored({ rect: wholeOf(of), pixels: of }, grown, of), kernel);
  const made = raster(output.width, output.height, of.channels);
  for (let c = 0, k = 0; c < of.channels; c++) {
    for (let i = 0; i < output.height; i++) {
      for (let j = 0; j < output.width; j++, k++) {
        const y = sourcePosition(output.y + i, scale) + MARGIN;
        const x = sourcePosition(output.x + j, scale) + MARGIN;
        const [row, column] = [Math.floor(y), Math.floor(x)];
        const at = (r: number, q: number): number => seen.data[(c * seen.height + r) * seen.width + q]!;
        const between = (r: number): number =>
          at(r, column) + (x - column) * (at(r, column + 1) - at(r, column));
        made.data[k] = between(row) + (y - row) * (between(row + 1) - between(row));
      }
    }
  }
  return made;
}

const picture = (width: number, height: number, channels = 3): Raster =>
  seeded(width).picture(width, height, channels);

const wholeAt = (of: Raster, scale: number): Rect<'output'> => wholeOf<'output'>(outputSize(of, scale));

describe('an implicit method', () => {
  it.each([1.0001, 1.5, 2, 3, Math.PI, 3.7])(
    'makes exactly its pixels, over tiles, at x%d',
    async (scale) => {
      const method = await plainMethod();
      const of = picture(150, 71);
      const output = wholeAt(of, scale);
      const made = await enlarge(method, photoOf(of, 'test'), scale, output);
      expect(largestDifference(made.data, expected(of, scale, output).data)).toBeLessThan(1e-5);
    },
  );

  it.each([29.99, 30])('makes a region and no more at x%d', async (scale) => {
    const method = await plainMethod();
    const of = picture(150, 71);
    for (const output of [rect<'output'>(1900, 1890, 90, 70), rect<'output'>(4470, 2100, 20, 20)]) {
      const made = await enlarge(method, photoOf(of, 'test'), scale, output);
      expect(largestDifference(made.data, expected(of, scale, output).data)).toBeLessThan(1e-5);
    }
  });

  it('gives the same pixels, moved, for a region that moved by one output pixel', async () => {
    const method = await plainMethod();
    const photo = photoOf(picture(90, 80), 'test');
    for (const scale of [1.7, Math.PI, 29.99]) {
      const here = await enlarge(method, photo, scale, rect(100, 50, 40, 30));
      for (const [dx, dy] of [
        [1, 0],
        [0, 1],
      ] as const) {
        const there = await enlarge(method, photo, scale, rect(100 + dx, 50 + dy, 40, 30));
        const common = { width: 40 - dx, height: 30 - dy };
        expect(cropped(there, { x: 0, y: 0, ...common })).toEqual(cropped(here, { x: dx, y: dy, ...common }));
      }
    }
  });

  it('gives the same pixels however its rectangles are cut', async () => {
    const method = await plainMethod();
    const of = picture(140, 75);
    const random = seeded(3);
    for (const scale of [1.3, 4]) {
      const whole = wholeAt(of, scale);
      const made = await enlarge(method, photoOf(of, 'whole'), scale, whole);
      for (let k = 0; k < 12; k++) {
        const [x, y] = [random.whole(0, whole.width - 2), random.whole(0, whole.height - 2)];
        const part = rect<'output'>(
          x,
          y,
          random.whole(1, whole.width - x),
          random.whole(1, whole.height - y),
        );
        const tile = await enlarge(method, photoOf(of, `part ${k}`), scale, part);
        expect(largestDifference(tile.data, cropped(made, part).data)).toBeLessThan(1e-6);
      }
    }
  });

  it('begins what it gives its graphs at multiples of their alignment', async () => {
    const method = await plainMethod({ align: 12, receptiveField: { before: 7, after: 7, exact: true } });
    const of = picture(170, 98);
    const { photo, reads } = watched(photoOf(of, 'test'));
    const output = rect<'output'>(180, 190, 240, 55);
    const made = await enlarge(method, photo, 2.5, output);
    expect(largestDifference(made.data, expected(of, 2.5, output).data)).toBeLessThan(1e-5);
    // Tiles of 36 begin at multiples of it, and 7 pixels more are seen on each side.
    const given = reads.filter(({ height }) => height > 30);
    expect(given.length).toBeGreaterThan(0);
    for (const part of given) {
      expect([part.x % 12, part.y % 12]).toEqual([0, 0]);
      for (const [end, whole] of [
        [part.x + part.width, 170],
        [part.y + part.height, 98],
      ] as const)
        expect(end === whole || end % 12 === 0).toBe(true);
    }
  });

  it.each([
    [1, 1],
    [1, 90],
    [5, 3],
  ])('takes a photo of %d x %d, which is less than it sees', async (width, height) => {
    const method = await plainMethod({ receptiveField: { before: 30, after: 30, exact: true } });
    const of = picture(width, height);
    const output = wholeAt(of, 3.3);
    const made = await enlarge(method, photoOf(of, 'test'), 3.3, output);
    expect(largestDifference(made.data, expected(of, 3.3, output).data)).toBeLessThan(1e-5);
  });

  it('makes a region of one pixel', async () => {
    const method = await plainMethod();
    const of = picture(100, 40);
    for (const [x, y] of [
      [0, 0],
      [255, 130],
      [2998, 1198],
    ] as const) {
      const output = rect<'output'>(x, y, 1, 1);
      const made = await enlarge(method, photoOf(of, 'test'), 29.99, output);
      expect(largestDifference(made.data, expected(of, 29.99, output).data)).toBeLessThan(1e-5);
    }
  });

  it('leaves the photo itself at scale 1', async () => {
    const method = await plainMethod();
    const of = picture(30, 20);
    const made = await enlarge(method, photoOf(of, 'test'), 1, rect(3, 4, 20, 10));
    expect(made).toEqual(cropped(of, rect(3, 4, 20, 10)));
  });

  it('states its scales, its work and its tiles', async () => {
    const method = await plainMethod({ macsPerPixel: { source: 1e6, output: 8e5 } });
    expect(method.card.scales).toEqual({ min: 1, max: 30 });
    expect(method.macsPerPixel(2)).toBe(1e6 + 4 * 8e5);
    expect(method.tileSide(4)).toBeGreaterThan(100);
    expect(method.tileSide(4) ** 2 * 8e5).toBeLessThan(4e11);
  });

  it('stops between batches', async () => {
    const method = await plainMethod();
    const stopping = new AbortController();
    stopping.abort();
    const order = {
      photo: photoOf(picture(9, 9), 'test'),
      scale: 2,
      output: rect<'output'>(0, 0, 18, 18),
      runSettings: onCpu,
      signal: stopping.signal,
    };
    await expect(method.enlarge(order, { to: 'raster' })).rejects.toThrow(/abort/);
    // What was stopped stands in nobody's way.
    await enlarge(method, photoOf(picture(9, 9), 'test'), 2, rect(0, 0, 18, 18));
  });
});

describe('a part of the photo to which nobody comes back', () => {
  const SECOND = [0.01, -0.04, 0.12, 0.06, 0.55, -0.07, 0.15, 0.03, 0.09];
  const files = {
    source: [convolution(KERNEL), convolution(SECOND)],
    headReach: 1,
    decoder: bilinearDecoder(),
  };
  /** Further than two convolutions see, so that large parts are worth their while. */
  const reach = { receptiveField: { before: 8, after: 8, exact: true } } as const;
  const once = (
    method: Method,
    of: Raster,
    scale: number,
    output: Rect<'output'>,
    runSettings: RunSettings = onCpu,
  ): Promise<Raster> => {
    const { signal } = new AbortController();
    const order = { photo: photoOf(of, 'test'), scale, output, runSettings, signal, once: true };
    return method.enlarge(order, { to: 'raster' });
  };
  /** Larger than what the last graph is given at once. */
  const of = picture(290, 150);

  it('is made in one run of the first graph, and the last one makes features of it in parts', async () => {
    await writeImplicit(resources, 'plain', files, reach);
    const runtime = counting();
    const { catalogue, features } = await loaded(runtime);
    const method = catalogue.get('plain');
    for (const [scale, output] of [
      [1.3, wholeAt(of, 1.3)],
      [2, rect<'output'>(37, 1, 533, 299)],
      [7.7, rect<'output'>(2000, 900, 233, 255)],
    ] as const) {
      runtime.ran.length = 0;
      const made = await once(method, of, scale, output);
      expect(runtime.ran.filter((file) => file === 'encoder.onnx')).toHaveLength(1);
      expect(features.bytes).toBe(0);
      if (scale < 7) expect(runtime.ran.filter((file) => file === '1.onnx')).toHaveLength(6);
      const looked = await enlarge(method, photoOf(of, 'looked'), scale, output);
      expect(largestDifference(made.data, looked.data)).toBeLessThan(1e-5);
      features.clear();
    }
  });

  it('has the same pixels without a graph that runs by itself, and in eight orientations', async () => {
    await writeImplicit(resources, 'parted', files, reach);
    await writeImplicit(resources, 'whole', { source: files.source, decoder: files.decoder }, reach);
    const { catalogue } = await loaded();
    const output = rect<'output'>(11, 23, 305, 290);
    for (const runSettings of [onCpu, { ...onCpu, ensemble: true }]) {
      const [parted, whole] = [
        await once(catalogue.get('parted'), of, 2.1, output, runSettings),
        await once(catalogue.get('whole'), of, 2.1, output, runSettings),
      ];
      const looked = await enlarge(catalogue.get('parted'), photoOf(of, 'l'), 2.1, output, runSettings);
      expect(largestDifference(parted.data, looked.data)).toBeLessThan(1e-5);
      expect(largestDifference(whole.data, looked.data)).toBeLessThan(1e-5);
    }
  });

  it('gets smaller runs where memory is short, with a word', async () => {
    await writeImplicit(resources, 'plain', files, reach);
    const short: Runtime = {
      ...onnxRuntime,
      async open(model, device) {
        const network = await onnxRuntime.open(model, device);
        return {
          inputs: network.inputs,
          outputs: network.outputs,
          run: (...given) => network.run(...given),
          release: () => network.release(),
          evaluate(offered, outputs) {
            const given = (offered.input ?? offered.features)!.data.length;
            if (given > 3 * 100 * 100) return Promise.reject(new Error('out of memory'));
            return network.evaluate(offered, outputs);
          },
        };
      },
    };
    const { catalogue, notices } = await loaded(short);
    const small = picture(150, 90);
    const output = wholeAt(small, 2);
    const made = await once(catalogue.get('plain'), small, 2, output);
    const looked = await enlarge((await loaded()).catalogue.get('plain'), photoOf(small, 'l'), 2, output);
    expect(largestDifference(made.data, looked.data)).toBeLessThan(1e-5);
    expect(notices).toContain('Memory was short on cpu: plain goes on in tiles of 76 pixels.');
  });

  it('leaves nobody waiting after it was stopped', async () => {
    const method = await plainMethod();
    const signal = AbortSignal.abort();
    const order = { photo: photoOf(of, 'test'), scale: 2, output: wholeAt(of, 2), runSettings: onCpu };
    await expect(method.enlarge({ ...order, signal, once: true }, { to: 'raster' })).rejects.toThrow(/abort/);
  });
});

describe('a decoder that is separable', () => {
  it.each(['enlarger', 'enlarger-fast'])('of %s has the pixels of its graph', async (id) => {
    const runtime = counting();
    const runners = await runnersOn(runtime);
    const catalogue = await loadCatalogue(
      { resources: join(import.meta.dirname, '../../resources'), userModels: undefined },
      { ...runners, pixels: pixelsInPlace, features: new FeatureCache(), exact: false },
    );
    const method = catalogue.get(id);
    const of = picture(41, 37);
    for (const [scale, output] of [
      [2.7, wholeAt(of, 2.7)],
      [11, rect<'output'>(3, 200, 77, 95)],
    ] as const) {
      runtime.ran.length = 0;
      const summed = await enlarge(method, photoOf(of, 'view'), scale, output);
      expect(runtime.ran).not.toContain('decoder.onnx');
      const { signal } = new AbortController();
      const order = { photo: photoOf(of, 'job'), scale, output, runSettings: onCpu, signal, once: true };
      const byGraph = await method.enlarge(order, { to: 'raster' });
      expect(runtime.ran).toContain('decoder.onnx');
      expect(largestDifference(summed.data, byGraph.data)).toBeLessThan(STEP / 10);
    }
  });
});

describe('the base of an implicit method', () => {
  it.each(['bilinear', 'bicubic'] as const)('is the photo enlarged by the %s', async (base) => {
    await writeImplicit(
      resources,
      'silent',
      { source: [convolution(Array<number>(9).fill(0))], decoder: bilinearDecoder() },
      { base },
    );
    const { catalogue } = await loaded();
    for (const channels of [1, 2, 3, 4]) {
      const of = picture(40, 30, channels);
      if (channels % 2 === 0) of.data.fill(1, (channels - 1) * 1200);
      const output = rect<'output'>(7, 11, 60, 50);
      const made = await enlarge(catalogue.get('silent'), photoOf(of, 'test'), 2.2, output);
      const based = await enlarge(catalogue.get(base), photoOf(of, 'test'), 2.2, output);
      expect(made.channels).toBe(channels);
      expect(largestDifference(made.data, based.data)).toBeLessThan(1e-5);
    }
  });
});

describe('the mean of eight orientations', () => {
  const ensemble: RunSettings = { ...onCpu, ensemble: true };

  it('is that of the graphs in all of them, at the very positions of the upright one', async () => {
    const method = await plainMethod();
    const kernel = raster(3, 3, 1, Float32Array.from(KERNEL));
    const mean = Array<number>(9).fill(0);
    for (const orientation of ORIENTATIONS)
      orient(kernel, orientation).data.forEach((weight, k) => (mean[k]! += weight / 8));
    const of = picture(93, 70);
    for (const scale of [2, 2.73]) {
      const output = rect<'output'>(31, 5, 150, 120);
      const made = await enlarge(method, photoOf(of, 'test'), scale, output, ensemble);
      expect(largestDifference(made.data, expected(of, scale, output, mean).data)).toBeLessThan(1e-5);
    }
  });
});

describe('a consistent enlargement', () => {
  it('reduces to the photo again', async () => {
    const method = await plainMethod();
    const of = picture(70, 30);
    const runSettings = { ...onCpu, consistent: true };
    const output = wholeAt(of, 2);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output, runSettings);
    const again = resample(made, wholeOf<'source'>(made), made, 0.5, wholeOf<'output'>(of), 'bicubic');
    expect(largestDifference(again.data, of.data)).toBeLessThan(STEP / 4);
  });
});

describe('a decoder with a quicker form for the CPU', () => {
  it('runs in it there, unless exactness is wanted', async () => {
    const decoder = bilinearDecoder();
    await writeImplicit(resources, 'quick', {
      source: [convolution(KERNEL)],
      decoder,
      onCpu: bilinearDecoder(),
    });
    for (const exact of [false, true]) {
      const runtime = counting();
      const method = (await loaded(runtime, new FeatureCache(), exact)).catalogue.get('quick');
      await enlarge(method, photoOf(picture(20, 20), 'test'), 2, rect(0, 0, 40, 40));
      expect(runtime.ran.at(-1)).toBe(exact ? 'decoder.onnx' : 'int8.onnx');
    }
  });
});

describe('features', () => {
  it('are made once, whatever scale and region is looked at', async () => {
    await writeImplicit(resources, 'plain', { source: [convolution(KERNEL)], decoder: bilinearDecoder() });
    const runtime = counting();
    const method = (await loaded(runtime)).catalogue.get('plain');
    const photo = photoOf(picture(120, 100), 'test');
    const sources = (): number => runtime.ran.filter((file) => file === 'encoder.onnx').length;
    await enlarge(method, photo, 2, rect(0, 0, 240, 200));
    expect(sources()).toBe(1); // all sixteen tiles in one run
    await enlarge(method, photo, 7.3, rect(100, 300, 400, 400));
    await enlarge(method, photo, 30, rect(1000, 1000, 300, 300));
    expect(sources()).toBe(1);
    await enlarge(method, photoOf(picture(120, 100), 'another'), 2, rect(0, 0, 10, 10));
    expect(sources()).toBe(2);
  });

  it('that two callers want at once are made for both', async () => {
    await writeImplicit(resources, 'plain', { source: [convolution(KERNEL)], decoder: bilinearDecoder() });
    const runtime = counting();
    const method = (await loaded(runtime)).catalogue.get('plain');
    const photo = photoOf(picture(50, 50), 'test');
    await Promise.all([70, 85, 100].map((width) => enlarge(method, photo, 2, rect(0, 0, width, 100))));
    expect(runtime.ran.filter((file) => file === 'encoder.onnx')).toHaveLength(1);
  });

  it('stay within their memory, whose bound changes no pixel', async () => {
    await writeImplicit(resources, 'plain', { source: [convolution(KERNEL)], decoder: bilinearDecoder() });
    const small = new FeatureCache(120_000); // nine tiles of 33 x 33 x 3 floats
    const { catalogue, features } = await loaded(onnxRuntime, small);
    const of = picture(300, 200);
    const output = wholeAt(of, 1.5);
    const made = await enlarge(catalogue.get('plain'), photoOf(of, 'test'), 1.5, output);
    expect(features.bytes).toBeGreaterThan(0);
    expect(features.bytes).toBeLessThanOrEqual(120_000);
    expect(largestDifference(made.data, expected(of, 1.5, output).data)).toBeLessThan(1e-5);
  });

  it('of a region in a large photo are read from around it alone', async () => {
    const method = await plainMethod();
    const { info } = photoOf(picture(1, 1), 'large');
    const { photo, reads } = watched({
      ...photoOf(picture(1, 1), 'large'),
      info: { ...info, width: 4000, height: 3000 },
      read: ({ width, height }) =>
        Promise.resolve(raster(width, height, 3, new Float32Array(3 * width * height).fill(0.5))),
    });
    const made = await enlarge(method, photo, 30, rect(60_000, 45_000, 200, 200));
    expect(reads.every(({ width, height }) => width <= 80 && height <= 80)).toBe(true);
    const sum = KERNEL.reduce((all, weight) => all + weight, 0);
    expect(made.data.every((value) => Math.abs(value - 0.5 * sum) < 1e-5)).toBe(true);
  });
});

describe('controls', () => {
  it.each(['crispness', 'denoise', 'strength'] as const)(
    '%s goes to the decoder, else its default',
    async (id) => {
      const graphs = { source: [convolution(KERNEL)], decoder: bilinearDecoder(id) };
      await writeImplicit(resources, `with-${id}`, graphs, { controls: [{ id, default: 0.25 }] });
      const method = (await loaded()).catalogue.get(`with-${id}`);
      const of = picture(20, 20);
      const output = rect<'output'>(4, 4, 20, 20);
      for (const value of [undefined, 0, 0.8]) {
        const made = await enlarge(method, photoOf(of, 'test'), 2, output, { ...onCpu, [id]: value });
        const full = expected(of, 2, output).data.map((level) => level * (value ?? 0.25));
        expect(largestDifference(made.data, full)).toBeLessThan(1e-5);
      }
    },
  );

  it('a seed makes another prior, one for the whole photo', async () => {
    const graphs = {
      source: [convolution(KERNEL), addingPrior()],
      decoder: bilinearDecoder(),
      prior: meanPrior(8, 4),
    };
    await writeImplicit(resources, 'dreaming', graphs, { controls: [{ id: 'seed', default: 5 }] });
    const runtime = counting();
    const method = (await loaded(runtime)).catalogue.get('dreaming');
    const of = picture(130, 70);
    const photo = photoOf(of, 'test');
    const priorIn = async (seed: number | undefined, output: Rect<'output'>): Promise<number[]> => {
      const made = await enlarge(method, photo, 2, output, { ...onCpu, seed });
      const without = expected(of, 2, output);
      return [...made.data].map((value, k) => value - without.data[k]!);
    };
    const near = rect<'output'>(0, 0, 12, 10);
    const first = await priorIn(undefined, near);
    expect(Math.max(...first) - Math.min(...first)).toBeLessThan(1e-5);
    const far = await priorIn(5, rect(245, 125, 12, 10));
    expect(Math.abs(far[0]! - first[0]!)).toBeLessThan(1e-5);
    const other = await priorIn(6, near);
    expect(Math.abs(other[0]! - first[0]!)).toBeGreaterThan(1e-3);
    expect(runtime.ran.filter((file) => file === 'prior.onnx')).toHaveLength(2);
  });
});

describe('a method whose files and manifest do not agree', () => {
  const files = { source: [convolution(KERNEL)], decoder: bilinearDecoder() };
  const tried = async (id: string): Promise<unknown> =>
    enlarge((await loaded()).catalogue.get(id), photoOf(picture(9, 9), 'test'), 2, rect(0, 0, 9, 9));

  it('says which graph, what it should have and what it has', async () => {
    await writeImplicit(resources, 'wide', { ...files, decoder: bilinearDecoder(undefined, 5) });
    await expect(tried('wide')).rejects.toMatchObject({
      fault: {
        code: 'bad-model',
        file: 'decoder.onnx',
        message: expect.stringMatching(
          /the input features as float32 \[1, 3, \?, \?\].*received float32 \[1, 5, height, width\]/,
        ) as string,
      },
    });
  });

  it('says which input nobody gives', async () => {
    await writeImplicit(resources, 'crisp', { ...files, decoder: bilinearDecoder('crispness') });
    await expect(tried('crisp')).rejects.toThrow(/inputs among features, rowIndex.*one named crispness/);
  });

  it('says which input is missing', async () => {
    const controls = [{ id: 'crispness' as const, default: 1 }];
    await writeImplicit(resources, 'dull', files, { controls });
    await expect(tried('dull')).rejects.toThrow(/an input named crispness.*inputs named features/);
  });

  it('is left out with a word where the manifest alone is wrong', async () => {
    await writeImplicit(resources, 'odd', files, { controls: [{ id: 'seed', default: 1 }] });
    await writeImplicit(resources, 'empty', files);
    const path = join(resources, 'models', 'empty', 'manifest.json');
    const { implicit, ...rest } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    expect(implicit).toBeDefined();
    await writeFile(path, JSON.stringify(rest));
    const { notices } = await loaded();
    expect(notices.join('\n')).toMatch(/models\/odd was left out: it has the control seed, but no prior/);
    expect(notices.join('\n')).toMatch(
      /models\/empty was left out: its kind is implicit, and it has no part/,
    );
  });
});

describe('the devices of an implicit method', () => {
  const files = { source: [convolution(KERNEL)], decoder: bilinearDecoder() };
  const runSettings: RunSettings = { ...onCpu, device: 'auto' };
  const of = picture(150, 90);
  const output = rect<'output'>(10, 20, 250, 150);
  const right = expected(of, 2, output);

  /** The real graphs on every device; `spoil` changes what one makes, or throws. */
  function devicesOf(
    spoil: (file: string, device: string, values: Float32Array) => void,
  ): Runtime & { readonly ran: string[] } {
    const ran: string[] = [];
    return {
      version: 'fake',
      devices: ['cpu', 'webgpu'],
      ran,
      probe: () => Promise.resolve(),
      async open(model, device) {
        const network = await onnxRuntime.open(model, 'cpu');
        return {
          inputs: network.inputs,
          outputs: network.outputs,
          run: (...given) => network.run(...given),
          release: () => network.release(),
          async evaluate(offered, outputs) {
            ran.push(device);
            // The clock is real, so the slower device is the one that does everything more often.
            if (device === 'cpu') for (let i = 0; i < 40; i++) await network.evaluate(offered, outputs);
            spoil(model.path.replace(/^.*[/-]/, ''), device, inputOf(offered));
            const made = await network.evaluate(offered, outputs);
            for (const { data } of made.values()) spoil('result', device, data);
            return made;
          },
        };
      },
    };
  }
  const inputOf = (offered: Parameters<Network['evaluate']>[0]): Float32Array => {
    const { data } = (offered.input ?? offered.features)!;
    return data as Float32Array;
  };
  const on = async (runtime: Runtime) => {
    await writeImplicit(resources, 'plain', files);
    const { catalogue, notices } = await loaded(runtime);
    return { method: catalogue.get('plain'), notices };
  };

  it('are used where all graphs together give the picture of the CPU, and faster', async () => {
    const runtime = devicesOf(() => undefined);
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output, runSettings);
    expect(runtime.ran.at(-1)).toBe('webgpu');
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices).toEqual([]);
  });

  it('are left where they give another picture', async () => {
    const runtime = devicesOf((file, device, values) => {
      if (file === 'result' && device === 'webgpu') values[values.length >> 1]! += 0.1;
    });
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output, runSettings);
    expect(runtime.ran.at(-1)).toBe('cpu');
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices.join(' ')).toMatch(/WebGPU.*is not used for plain: it differs from the CPU/);
  });

  it('are dropped where they fail in the middle of a photo, and the CPU goes on', async () => {
    let [encoded, decoded] = [0, 0];
    const runtime = devicesOf((file, device) => {
      if (device !== 'webgpu') return;
      if (file === 'encoder.onnx') encoded += 1;
      // Three pictures are its trial's; then some of this photo goes well.
      if (file === 'decoder.onnx' && encoded > 3 && ++decoded > 2) throw new Error('device lost');
    });
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output, runSettings);
    expect(runtime.ran.at(-1)).toBe('cpu');
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices.join(' ')).toContain('is not used for plain: it failed while running: device lost.');
  });

  it('that are short of memory get smaller parts of the photo, with a word', async () => {
    const runtime = devicesOf((file, _, values) => {
      if (file === 'encoder.onnx' && values.length > 3 * 70 * 70) throw new Error('out of memory');
    });
    const { method, notices } = await on(runtime);
    const made = await enlarge(method, photoOf(of, 'test'), 2, output);
    expect(largestDifference(made.data, right.data)).toBeLessThan(1e-5);
    expect(notices).toContain('Memory was short on cpu: plain goes on in tiles of 64 pixels.');
  });

  it('of which none can do it are a fault', async () => {
    const runtime = devicesOf((file) => {
      if (file === 'decoder.onnx') throw new Error('out of memory');
    });
    const { method } = await on(runtime);
    await expect(enlarge(method, photoOf(of, 'test'), 2, output)).rejects.toMatchObject({
      fault: { code: 'device-failed', detail: 'out of memory' },
    });
  });
});
