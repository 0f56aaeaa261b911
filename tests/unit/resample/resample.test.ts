import { describe, expect, it } from 'vitest';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import type { KernelName } from '../../../src/engine/kernels/resample/kernels';
import {
  neededSource,
  resample,
  resampleWithAlpha,
  type Scale,
} from '../../../src/engine/kernels/resample/resample';
import { axisWeights, mirrored } from '../../../src/engine/kernels/resample/weights';
import { outputLength, outputSize, rect, wholeOf, type Rect } from '../../../src/shared/geometry';
import { cropped, largestDifference, seeded } from '../seeded';

const KERNEL_NAMES = ['nearest', 'bilinear', 'bicubic', 'lanczos3'] as const;

/** The whole of a photo resampled at once. */
function whole(photo: Raster, scale: number, kernel: KernelName): Raster {
  return resample(photo, wholeOf(photo), photo, scale, wholeOf(outputSize(photo, scale)), kernel);
}

/** A part of a photo's enlargement, from no more of the photo than is needed. */
function part(photo: Raster, scale: Scale, output: Rect<'output'>, kernel: KernelName): Raster {
  const needed = neededSource(output, scale, kernel, photo);
  return resample(cropped(photo, needed), needed, photo, scale, output, kernel);
}

/** One output pixel as the double sum that it is. */
function naive(
  photo: Raster,
  channel: number,
  scale: number,
  kernel: KernelName,
  x: number,
  y: number,
): number {
  const across = axisWeights(kernel, scale, x, 1);
  const down = axisWeights(kernel, scale, y, 1);
  let sum = 0;
  for (let v = 0; v < down.taps; v++) {
    for (let u = 0; u < across.taps; u++) {
      const row = mirrored(down.starts[0]! + v, photo.height);
      const column = mirrored(across.starts[0]! + u, photo.width);
      const value = photo.data[(channel * photo.height + row) * photo.width + column]!;
      sum += down.weights[v]! * across.weights[u]! * value;
    }
  }
  return sum;
}

describe('resample', () => {
  const random = seeded(2);
  const cases = KERNEL_NAMES.flatMap((kernel) =>
    [0.07, 0.25, 0.61, 1, 1.5, 2, 2.5, 3.7, 4, 30].map((scale) => ({ kernel, scale })),
  );

  it.each(cases)('$kernel x$scale: a tile has bit for bit the pixels of the whole', ({ kernel, scale }) => {
    const photo = random.picture(random.whole(1, 45), random.whole(1, 45), random.whole(1, 4));
    const all = whole(photo, scale, kernel);
    for (let k = 0; k < 4; k++) {
      const x = random.whole(0, all.width - 1);
      const y = random.whole(0, all.height - 1);
      const tile = rect<'output'>(x, y, random.whole(1, all.width - x), random.whole(1, all.height - y));
      expect(largestDifference(part(photo, scale, tile, kernel).data, cropped(all, tile).data)).toBe(0);
    }
  });

  it('a single pixel anywhere needs no more than neededSource says', () => {
    const photo = random.picture(300, 1, 1);
    for (const kernel of KERNEL_NAMES) {
      for (const scale of [0.61, 0.07, 1 / 3, 0.9, 1.3, 2]) {
        const all = whole(photo, scale, kernel);
        const row = all.data.subarray(0, all.width);
        const alone = row.map((_, x) => part(photo, scale, rect(x, 0, 1, 1), kernel).data[0]!);
        expect(largestDifference(alone, row)).toBe(0);
      }
    }
  });

  it.each(cases)('$kernel x$scale is the double sum of its weights', ({ kernel, scale }) => {
    const photo = random.picture(random.whole(1, 30), random.whole(1, 30), 3);
    const all = whole(photo, scale, kernel);
    let largest = 0;
    for (let k = 0; k < 60; k++) {
      const [x, y, c] = [random.whole(0, all.width - 1), random.whole(0, all.height - 1), random.whole(0, 2)];
      const value = all.data[(c * all.height + y) * all.width + x]!;
      largest = Math.max(largest, Math.abs(value - naive(photo, c, scale, kernel, x, y)));
    }
    expect(largest).toBeLessThan(1e-6);
  });

  it.each(KERNEL_NAMES)('%s at scale 1 is the photo itself', (kernel) => {
    const photo = random.picture(17, 11, 3);
    expect(largestDifference(whole(photo, 1, kernel).data, photo.data)).toBeLessThan(1e-7);
  });

  it.each(cases)('$kernel x$scale leaves an even surface even', ({ kernel, scale }) => {
    const photo = raster(23, 14, 1, new Float32Array(23 * 14).fill(0.3));
    const { data } = whole(photo, scale, kernel);
    expect(largestDifference(data, new Float32Array(data.length).fill(0.3))).toBeLessThan(1e-6);
  });

  it('bilinear and bicubic reproduce a slope, and bicubic a parabola, away from the border', () => {
    const photo = raster(40, 1, 2);
    for (let x = 0; x < 40; x++) photo.data[x] = x / 40;
    for (let x = 0; x < 40; x++) photo.data[40 + x] = (x / 40) ** 2;
    for (const scale of [2, 3.3, 4]) {
      const [line, cubic] = [whole(photo, scale, 'bilinear'), whole(photo, scale, 'bicubic')];
      for (let i = Math.ceil(3 * scale); i < line.width - 3 * scale; i++) {
        const at = ((i + 0.5) / scale - 0.5) / 40;
        expect(line.data[i]).toBeCloseTo(at, 5);
        expect(cubic.data[i]).toBeCloseTo(at, 5);
        expect(cubic.data[cubic.width * cubic.height + i]).toBeCloseTo(at * at, 5);
      }
    }
  });

  it.each([0.4, 1.7])('a transposed photo gives the transposed enlargement, x%d', (scale) => {
    const photo = random.picture(21, 13, 1);
    const transposed = (of: Raster): Raster => {
      const result = raster(of.height, of.width, 1);
      for (let y = 0; y < of.height; y++) {
        for (let x = 0; x < of.width; x++) result.data[x * of.height + y] = of.data[y * of.width + x]!;
      }
      return result;
    };
    const a = transposed(whole(photo, scale, 'lanczos3'));
    const b = whole(transposed(photo), scale, 'lanczos3');
    expect(largestDifference(a.data, b.data)).toBeLessThan(1e-6);
  });

  it('reducing a fine checkerboard gives grey, not a pattern; nearest is left as it is', () => {
    const photo = raster(64, 64, 1);
    for (let i = 0; i < photo.data.length; i++) photo.data[i] = (i + Math.floor(i / 64)) % 2;
    for (const value of whole(photo, 0.25, 'bicubic').data) expect(Math.abs(value - 0.5)).toBeLessThan(0.02);
    for (const value of whole(photo, 0.25, 'nearest').data) expect([0, 1]).toContain(value);
  });

  it('keeps overshoot', () => {
    const photo = raster(8, 1, 1, Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1));
    const values = whole(photo, 4, 'bicubic').data;
    expect(Math.max(...values)).toBeGreaterThan(1.02);
    expect(Math.min(...values)).toBeLessThan(-0.02);
  });

  it('takes one scale an axis', () => {
    const photo = random.picture(12, 9, 2);
    const output = rect<'output'>(3, 2, 20, 4);
    const result = part(photo, { x: 3, y: 0.8 }, output, 'bicubic');
    const tall = whole(photo, 0.8, 'bicubic');
    expect(result.height).toBe(4);
    expect(tall.height).toBe(outputLength(9, 0.8));
    // Down the columns alone, then along the rows alone.
    const down = part(photo, { x: 1, y: 0.8 }, rect(0, 0, 12, 7), 'bicubic');
    const both = part(down, { x: 3, y: 1 }, output, 'bicubic');
    expect(largestDifference(result.data, both.data)).toBeLessThan(1e-6);
  });

  it.each([
    [1, 1, 30],
    [1, 2000, 0.001],
    [2, 1, 0.5],
    [1, 300, 7.3],
  ])('makes something of %d x %d at x%d', (width, height, scale) => {
    const photo = random.picture(width, height, 1);
    for (const kernel of KERNEL_NAMES) {
      const result = whole(photo, scale, kernel);
      expect(result).toMatchObject(outputSize(photo, scale));
      expect(result.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('says which pixels of the photo are missing', () => {
    const photo = { width: 100, height: 50 };
    const output = rect<'output'>(80, 40, 40, 40);
    const needed = neededSource(output, 2, 'bicubic', photo);
    const less = { ...needed, x: needed.x + 1, width: needed.width - 1 };
    const held = raster(less.width, less.height, 1);
    expect(() => resample(held, less, photo, 2, output, 'bicubic')).toThrow(
      `resample needs column ${needed.x} of the photo; the source given holds columns ${less.x} to`,
    );
  });

  it('refuses a source that is not as large as its rectangle, and scales that are none', () => {
    const photo = random.picture(4, 4, 1);
    const output = rect<'output'>(0, 0, 1, 1);
    expect(() => resample(photo, rect(0, 0, 5, 4), photo, 2, output, 'bicubic')).toThrow(
      /5 x 4.*received 4 x 4/,
    );
    for (const scale of [0, -1, NaN, Infinity]) {
      expect(() => resample(photo, wholeOf(photo), photo, scale, output, 'bicubic')).toThrow(/scale above 0/);
    }
  });
});

describe('resampleWithAlpha', () => {
  const random = seeded(3);

  it('is resample of the colours where alpha is 1 everywhere, bit for bit', () => {
    const photo = random.picture(15, 12, 4);
    photo.data.fill(1, 3 * 15 * 12);
    const output = wholeOf<'output'>(outputSize(photo, 2.3));
    const withAlpha = resampleWithAlpha(photo, wholeOf(photo), photo, 2.3, output, 'lanczos3');
    expect(withAlpha).toEqual(resample(photo, wholeOf(photo), photo, 2.3, output, 'lanczos3'));
  });

  it('draws no fringe: hidden colours do not come through', () => {
    const [width, height] = [12, 6];
    const photo = raster(width, height, 4);
    for (let i = 0; i < width * height; i++) {
      const visible = i % width < 6;
      photo.data[i] = visible ? 0.8 : 0;
      photo.data[width * height + i] = visible ? 0.6 : 1;
      photo.data[2 * width * height + i] = visible ? 0.4 : 0.5;
      photo.data[3 * width * height + i] = visible ? 1 : 0;
    }
    for (const scale of [4, 2.7, 0.5]) {
      const output = wholeOf<'output'>(outputSize(photo, scale));
      const result = resampleWithAlpha(photo, wholeOf(photo), photo, scale, output, 'bicubic');
      const pixels = result.width * result.height;
      let seen = 0;
      for (let i = 0; i < pixels; i++) {
        if (result.data[3 * pixels + i]! < 0.01) continue;
        seen++;
        expect(result.data[i]).toBeCloseTo(0.8, 3);
        expect(result.data[pixels + i]).toBeCloseTo(0.6, 3);
        expect(result.data[2 * pixels + i]).toBeCloseTo(0.4, 3);
      }
      expect(seen).toBeGreaterThan(pixels / 3);
      expect(result.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('of a fully transparent picture is defined: nothing, everywhere', () => {
    const photo = random.picture(9, 9, 2);
    photo.data.fill(0, 81);
    const output = wholeOf<'output'>(outputSize(photo, 3));
    const result = resampleWithAlpha(photo, wholeOf(photo), photo, 3, output, 'bicubic');
    expect(result.data.every((value) => value === 0)).toBe(true);
  });
});
