import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import type { RunSettings } from '../../src/engine/runtime/runSettings';
import { orient, ORIENTATIONS } from '../../src/engine/kernels/orient';
import { raster } from '../../src/engine/kernels/raster';
import { resample } from '../../src/engine/kernels/resample/resample';
import { rect, wholeOf, type Rect } from '../../src/shared/geometry';
import {
  addingPrior,
  photoAgain,
  bilinearDecoder,
  convolution,
  meanPrior,
  writeImplicit,
} from '../fixtures/implicitModels';
import { cropped, largestDifference, seeded } from '../unit/seeded';
import { enlarge, onCpu } from './methodSet';
import {
  STEP,
  KERNEL,
  resources,
  counting,
  watched,
  loaded,
  plainMethod,
  expected,
  picture,
  wholeAt,
} from './implicitSet';

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
    // Where the photo of a tile is all that one run of the graphs may read, a longer one would be two.
    expect(method.longestTile?.(4)).toBe(method.tileSide(4));
    const receptiveField = { before: 8, after: 8, exact: true };
    const far = await plainMethod({ macsPerPixel: { source: 1e5, output: 8e5 }, receptiveField });
    expect(far.longestTile?.(4)).toBe(Math.floor(1.25 * far.tileSide(4)));
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

  it.each([true, false])(
    'the last graph sees the photo where it asks for it, a prior: %s',
    async (withPrior) => {
      const twice = KERNEL.map((value) => 2 * value);
      const decoder = bilinearDecoder();
      await writeImplicit(resources, 'seeing', {
        source: [convolution(twice), photoAgain({ withPrior })],
        decoder,
        ...(withPrior && { prior: meanPrior(8, 4) }),
      });
      await writeImplicit(resources, 'plain', {
        source: [convolution([0, 0, 0, 0, 1, 0, 0, 0, 0])],
        decoder,
      });
      const { catalogue } = await loaded();
      const photo = photoOf(picture(130, 70), 'test');
      const output = rect<'output'>(100, 30, 60, 40);
      const [seen, plain] = await Promise.all(
        ['seeing', 'plain'].map((id) => enlarge(catalogue.get(id), photo, 2, output, onCpu)),
      );
      expect(largestDifference(seen!.data, plain!.data)).toBeLessThan(1e-6);
    },
  );
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
