import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { measure, measureLuma } from '../../../src/engine/kernels/metrics';
import type { Samples } from '../../../src/engine/kernels/metrics/samples';
import { msSsim } from '../../../src/engine/kernels/metrics/msSsim';
import { psnr } from '../../../src/engine/kernels/metrics/psnr';
import { ssim } from '../../../src/engine/kernels/metrics/ssim';
import { CutWindowRows } from '../../../src/engine/kernels/metrics/ssimCutWindow';
import { WindowRows } from '../../../src/engine/kernels/metrics/ssimWindow';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import { metricsSchema } from '../../../src/shared/contract';
import { faultOf } from '../../../src/shared/faults';
import { seeded } from '../seeded';

const random = seeded(10);

function samples(width: number, height: number, value: (i: number) => number): Samples {
  return { width, height, values: Float32Array.from({ length: width * height }, (_, i) => value(i)) };
}

const noisy = ({ width, height, values }: Samples, amount: number): Samples =>
  samples(width, height, (i) => values[i]! + random.real(-amount, amount));

/** SSIM straight from its definition: one two-dimensional window a position. */
function ssimByDefinition(a: Samples, b: Samples): number {
  const window: number[] = [];
  for (let y = -5; y <= 5; y++) for (let x = -5; x <= 5; x++) window.push(Math.exp(-(x * x + y * y) / 4.5));
  const norm = window.reduce((s, w) => s + w, 0);
  let total = 0;
  let count = 0;
  for (let top = 0; top + 11 <= a.height; top++) {
    for (let left = 0; left + 11 <= a.width; left++, count++) {
      const mean = (f: (i: number) => number): number =>
        window.reduce((s, w, k) => s + w * f((top + Math.floor(k / 11)) * a.width + left + (k % 11)), 0) /
        norm;
      const ma = mean((i) => a.values[i]!);
      const mb = mean((i) => b.values[i]!);
      const va = mean((i) => (a.values[i]! - ma) ** 2);
      const vb = mean((i) => (b.values[i]! - mb) ** 2);
      const cov = mean((i) => (a.values[i]! - ma) * (b.values[i]! - mb));
      const [c1, c2] = [6.5025, 58.5225];
      total += ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
    }
  }
  return total / count;
}

describe('psnr', () => {
  it('is 10 log10 of 255^2 over the mean squared difference', () => {
    expect(psnr(Float32Array.of(10, 20), Float32Array.of(11, 19))).toBeCloseTo(48.1308, 4);
    expect(psnr(Float32Array.of(0), Float32Array.of(255))).toBe(0);
  });

  it('of equal pictures is null: infinite', () => {
    expect(psnr(Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 3))).toBeNull();
  });
});

describe('ssim', () => {
  it('is what its definition says', () => {
    for (const [width, height] of [
      [11, 11],
      [19, 14],
      [25, 31],
    ] as const) {
      const a = samples(width, height, (i) => 128 + 90 * Math.sin(i / 3) + random.real(-20, 20));
      const b = noisy(a, 40);
      expect(ssim(a, b).ssim).toBeCloseTo(ssimByDefinition(a, b), 6);
    }
  });

  it('has the same sums by the window in SIMD as by one of any lengths, of even and odd widths', () => {
    const window = Float64Array.from({ length: 11 }, (_, k) => Math.exp(-((k - 5) ** 2) / 4.5));
    const sum = window.reduce((all, weight) => all + weight, 0);
    const weights = window.map((weight) => weight / sum);
    for (const width of [11, 12, 13, 24, 31]) {
      const a = samples(width, 17, (i) => 128 + 90 * Math.sin(i / 3));
      const b = noisy(a, 40);
      const fast = new WindowRows(width, weights, 6.5025, 58.5225);
      const plain = new CutWindowRows(width, weights, weights, 6.5025, 58.5225);
      for (let row = 0; row < 17; row++) {
        for (const one of [fast, plain]) one.add(a.values, b.values, row * width);
        expect(fast.similarity).toBeCloseTo(plain.similarity, 10);
        expect(fast.contrast).toBeCloseTo(plain.contrast, 10);
      }
    }
  });

  it('is 1 for equal pictures, symmetric, and falls with noise', () => {
    const a = samples(60, 40, () => random.real(0, 255));
    const [little, much] = [noisy(a, 10), noisy(a, 60)];
    expect(ssim(a, a).ssim).toBeCloseTo(1, 12);
    expect(ssim(a, little).ssim).toBeCloseTo(ssim(little, a).ssim, 12);
    expect(ssim(a, little).ssim).toBeGreaterThan(ssim(a, much).ssim);
  });

  it.each([
    [1, 1],
    [4, 300],
    [10, 9],
  ])('still answers for %d x %d, smaller than its window', (width, height) => {
    const a = samples(width, height, () => random.real(0, 255));
    expect(ssim(a, a).ssim).toBeCloseTo(1, 12);
    expect(ssim(a, noisy(a, 50)).ssim).toBeLessThan(1);
  });
});

describe('msSsim', () => {
  it('is null below 176 pixels, 1 for equal pictures, and falls with noise', () => {
    const a = samples(200, 176, (i) => 128 + 100 * Math.sin(i / 40) + random.real(-20, 20));
    expect(
      msSsim(
        samples(175, 400, () => 0),
        samples(175, 400, () => 0),
      ),
    ).toBeNull();
    expect(msSsim(a, a)).toBeCloseTo(1, 10);
    expect(msSsim(a, noisy(a, 10))!).toBeGreaterThan(msSsim(a, noisy(a, 60))!);
  });

  it('judges flat pictures by the luminance of the coarsest scale alone', () => {
    const [a, b] = [samples(180, 180, () => 100), samples(180, 180, () => 150)];
    const luminance = (2 * 100 * 150 + 6.5025) / (100 ** 2 + 150 ** 2 + 6.5025);
    expect(msSsim(a, b)).toBeCloseTo(luminance ** 0.1333, 6);
  });
});

describe('measure', () => {
  const photo = random.picture(64, 48, 3);
  const shifted = (of: Raster, by: number): Raster =>
    raster(
      of.width,
      of.height,
      of.channels,
      of.data.map((value) => 0.2 + 0.5 * value + by),
    );

  it('answers by the contract', () => {
    const figures = measure(photo, shifted(photo, 0), { border: 2 });
    const rest = { border: 2, protocol: 'y', lpips: null, niqe: null, shift: null } as const;
    expect(v.parse(metricsSchema, { ...figures, ...rest })).toEqual({ ...figures, ...rest });
    expect(figures).toMatchObject({ msSsimY: null });
    const luma = measureLuma(photo, shifted(photo, 0), { border: 2 });
    expect(luma).toEqual({ psnrY: figures.psnrY, ssimY: figures.ssimY });
  });

  it('of a picture with itself: no difference, so no finite PSNR', () => {
    expect(measure(photo, photo, { border: 0 })).toMatchObject({ psnrY: null, psnrRgb: null });
    expect(measure(photo, photo, { border: 0 }).ssimY).toBeCloseTo(1, 12);
  });

  it('counts one step of grey as the 219/255 that luma makes of it', () => {
    const a = raster(20, 20, 3, new Float32Array(1200).fill(100 / 255));
    const b = raster(20, 20, 3, new Float32Array(1200).fill(101 / 255));
    const figures = measure(a, b, { border: 0 });
    expect(figures.psnrRgb).toBeCloseTo(20 * Math.log10(255), 4);
    expect(figures.psnrY).toBeCloseTo(20 * Math.log10((255 * 255) / 219), 3);
  });

  it('scores two grey pictures as they are, and a grey beside a coloured one as coloured', () => {
    const grey = raster(20, 20, 1, new Float32Array(400).fill(100 / 255));
    const next = raster(20, 20, 1, new Float32Array(400).fill(101 / 255));
    const three = raster(20, 20, 3, new Float32Array(1200).fill(101 / 255));
    expect(measure(grey, next, { border: 0 }).psnrY).toBeCloseTo(20 * Math.log10(255), 4);
    expect(measure(grey, three, { border: 0 }).psnrY).toBeCloseTo(20 * Math.log10((255 * 255) / 219), 3);
    expect(measure(next, three, { border: 0 }).psnrRgb).toBeNull();
  });

  it('rounds to 8 bits first, leaves alpha out, and leaves the border out', () => {
    const same = raster(64, 48, 4);
    same.data.set(photo.data.map((value) => Math.round(value * 255) / 255 + 0.3 / 255));
    expect(measure(photo, same, { border: 0 }).psnrRgb).toBeNull();
    const framed = raster(64, 48, 3, photo.data.slice());
    for (let x = 0; x < 64; x++) framed.data[x] = 1 - framed.data[x]!;
    expect(measure(photo, framed, { border: 0 }).psnrRgb).not.toBeNull();
    expect(measure(photo, framed, { border: 1 }).psnrRgb).toBeNull();
  });

  it('names both sizes where they differ, and a border that leaves nothing', () => {
    const fault = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return faultOf(error);
      }
    };
    expect(fault(() => measure(photo, raster(10, 20, 3), { border: 0 }))).toMatchObject({
      code: 'size-mismatch',
      message: expect.stringMatching(/64 x 48.*10 x 20/) as string,
    });
    expect(fault(() => measure(photo, photo, { border: 24 }))).toMatchObject({ code: 'bad-option' });
  });
});
