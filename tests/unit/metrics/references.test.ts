import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/engine/kernels/metrics';
import { shiftBetween } from '../../../src/engine/kernels/metrics/alignment';
import { consistency } from '../../../src/engine/kernels/metrics/consistency';
import { gamma } from '../../../src/engine/kernels/metrics/gammaFit';
import { lumaSamples } from '../../../src/engine/kernels/metrics/luma';
import { niqe } from '../../../src/engine/kernels/metrics/niqe';
import { PairMeter } from '../../../src/engine/kernels/metrics/pairMeter';
import type { Samples } from '../../../src/engine/kernels/metrics/samples';
import type { PixelBytes } from '../../../src/engine/kernels/pixelBytes';
import { fromBytes, toBytes } from '../../../src/engine/kernels/color/quantise';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import { imresize8 } from '../../../src/engine/kernels/resample/imresize';
import { resample } from '../../../src/engine/kernels/resample/resample';
import { rect, wholeOf } from '../../../src/shared/geometry';
import { cropped, seeded } from '../seeded';

/** Written by tests/fixtures/metrics/write.py with scikit-image, SciPy and NumPy. */
const references = JSON.parse(
  readFileSync(new URL('../../fixtures/metrics/references.json', import.meta.url), 'utf8'),
) as {
  pairs: {
    width: number;
    height: number;
    border: number;
    psnrY: number;
    ssimY: number;
    psnrRgb: number;
    ssimRgb: number;
    difference: Record<string, number>;
  }[];
  naturalness: { width: number; height: number; seed: number; niqe: number }[];
};

/** The same picture as write.py draws: waves and noise. */
function drawn(seed: number, width: number, height: number, roughness: number): Raster {
  const found = raster(width, height, 3);
  let state = seed;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      for (let c = 0; c < 3; c++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const waves = 128 + 70 * Math.sin(x / 11 + c) * Math.cos(y / 13 - c / 2);
        const value = Math.floor(waves + roughness * ((state >>> 24) - 127.5) + 0.5);
        found.data[c * width * height + i] = Math.min(255, Math.max(0, value)) / 255;
      }
    }
  }
  return found;
}

describe('the figures of two pictures', () => {
  it.each(references.pairs)("are scikit-image's, $width x $height, border $border", (expected) => {
    const { width, height, border } = expected;
    const [a, b] = [drawn(1, width, height, 0.2), drawn(2, width, height, 0.3)];
    const found = measure(a, b, { border, protocol: 'rgb' });
    expect(found.psnrY).toBeCloseTo(expected.psnrY, 4);
    expect(found.ssimY).toBeCloseTo(expected.ssimY, 5);
    expect(found.psnrRgb).toBeCloseTo(expected.psnrRgb, 4);
    expect(found.ssimRgb).toBeCloseTo(expected.ssimRgb, 5);
    for (const [name, value] of Object.entries(expected.difference)) {
      expect(found.difference[name as keyof typeof found.difference], name).toBeCloseTo(value, 6);
    }
  });

  it('of strips are those of the whole', () => {
    const [a, b] = [drawn(1, 190, 203, 0.2), drawn(2, 190, 203, 0.3)];
    for (const border of [0, 5]) {
      const options = { border, protocol: 'rgb', withMultiScale: true } as const;
      const meter = new PairMeter(a, b, options);
      for (let y = 0; y < 203; y += 17) {
        const strip = { x: 0, y, width: 190, height: Math.min(17, 203 - y) };
        meter.add(cropped(a, strip), cropped(b, strip));
      }
      const whole = measure(a, b, options);
      expect(whole.msSsimY).toBeGreaterThan(0.1);
      const { difference, ...figures } = meter.figures;
      expect(difference).toEqual(whole.difference);
      for (const [name, value] of Object.entries(figures)) {
        expect(value, name).toBeCloseTo(whole[name as keyof typeof figures]!, 9);
      }
    }
  });

  it.each([
    ['colour', 3, 3],
    ['colour with alpha', 4, 4],
    ['grey', 1, 1],
    ['grey beside colour', 1, 3],
    ['colour beside grey with alpha', 3, 2],
  ])('of bytes are those of the floats made of them: %s', (_, ofReference, ofResult) => {
    const size = { width: 41, height: 33 };
    const [a, b] = [ofReference, ofResult].map((channels, seed) => ({
      ...size,
      channels,
      bytes: toBytes(seeded(seed + 1).picture(41, 33, channels)),
    }));
    const floats = (of: PixelBytes): Raster => fromBytes(of.bytes, of.width, of.height, of.channels);
    for (const protocol of ['y', 'rgb'] as const) {
      const options = { border: 3, protocol };
      const expected = measure(floats(a!), floats(b!), options);
      expect(expected.psnrY).toBeGreaterThan(5);
      expect(measure(a!, b!, options)).toEqual(expected);
      // One file may have 16 bits and the other 8.
      expect(measure(floats(a!), b!, options)).toEqual(expected);
    }
  });

  it('of protocol rgb are not rounded, and those of protocol y are', () => {
    const a = raster(20, 20, 3, new Float32Array(1200).fill(100 / 255));
    const b = raster(20, 20, 3, new Float32Array(1200).fill(100.25 / 255));
    expect(measure(a, b, { border: 0, protocol: 'rgb' }).psnrRgb).toBeCloseTo(20 * Math.log10(255 / 0.25), 3);
    expect(measure(a, b, { border: 0 }).psnrRgb).toBeNull();
  });
});

describe('the natural image quality evaluator', () => {
  const line = (from: number, to: number): number[] =>
    Array.from({ length: 36 }, (_, k) => from + ((to - from) * k) / 35);
  const spread = line(0.05, 0.5);
  const natural = {
    mean: line(0.2, 2),
    covariance: Array.from({ length: 36 * 36 }, (_, k) => (k % 37 === 0 ? spread[k / 37]! : 0)),
  };

  it.each(references.naturalness)('is what its paper says, $width x $height', (expected) => {
    const picture = drawn(expected.seed, expected.width, expected.height, 0.4);
    const luma = lumaSamples(picture, wholeOf(picture));
    expect(niqe(luma, natural)!).toBeCloseTo(expected.niqe, 3);
  });

  it('is null where there are not two blocks', () => {
    const luma = (width: number, height: number): Samples =>
      lumaSamples(drawn(1, width, height, 0.4), rect(0, 0, width, height));
    expect(niqe(luma(191, 191), natural)).toBeNull();
    expect(niqe({ width: 192, height: 96, values: new Float32Array(192 * 96).fill(90) }, natural)).toBeNull();
  });

  it('knows the gamma function', () => {
    for (const [x, value] of [
      [0.1, 9.513507698668732],
      [0.5, Math.sqrt(Math.PI)],
      [5, 24],
      [15, 87178291200],
    ] as const) {
      expect(gamma(x) / value).toBeCloseTo(1, 11);
    }
  });
});

describe('pictures that lie beside each other', () => {
  const big = drawn(7, 480, 440, 0.35);
  /** A part of a picture reduced three times, taken from a place between its pixels. */
  const part = (right: number, below: number): Samples => {
    const at = rect<'output'>(0, 0, 128, 120);
    const window = cropped(big, { x: 12 - 3 * right, y: 12 - 3 * below, width: 384, height: 360 });
    const size = { width: 384, height: 360 };
    const small = resample(window, wholeOf<'source'>(size), size, 1 / 3, at, 'bicubic');
    return lumaSamples(small, wholeOf(small));
  };
  const still = part(0, 0);

  it.each([
    [1, 0],
    [0, -1],
    [1 / 3, 1 / 3],
    [-2, 5 / 3],
  ])('are told by how much, %d and %d', (x, y) => {
    const found = shiftBetween([[still, part(x, y)]])!;
    expect(Math.abs(found.x - x)).toBeLessThan(0.08);
    expect(Math.abs(found.y - y)).toBeLessThan(0.08);
  });

  it('are told through what a method changed', () => {
    const photo = cropped(big, { x: 0, y: 0, width: 256, height: 256 });
    const small = imresize8(photo, 1 / 2);
    const [at, size] = [rect<'output'>(0, 0, 256, 256), wholeOf<'source'>(small)];
    const again = resample(small, size, small, 2, at, 'lanczos3');
    const aligned = lumaSamples(again, wholeOf(again));
    const reference = lumaSamples(photo, wholeOf(photo));
    expect(shiftBetween([[reference, aligned]])).toBeNull();
    const moved = resample(
      again,
      wholeOf<'source'>(again),
      again,
      1,
      rect<'output'>(1, 0, 255, 256),
      'bicubic',
    );
    const cut = cropped(photo, { x: 0, y: 0, width: 255, height: 256 });
    const found = shiftBetween([[lumaSamples(cut, wholeOf(cut)), lumaSamples(moved, wholeOf(moved))]])!;
    expect(found.x).toBeCloseTo(-1, 1);
    expect(found.y).toBeCloseTo(0, 1);
  });

  it('are not told where there is only noise between them, nothing to hold on to, or no room', () => {
    const random = seeded(3);
    const noisy = { ...still, values: still.values.map((value) => value + random.real(-25, 25)) };
    expect(shiftBetween([[still, noisy]])).toBeNull();
    const flat = { ...still, values: new Float32Array(still.values.length).fill(90) };
    expect(shiftBetween([[flat, flat]])).toBeNull();
    const small = { width: 20, height: 20, values: still.values.subarray(0, 400) };
    expect(shiftBetween([[small, small]])).toBeNull();
    expect(shiftBetween([])).toBeNull();
  });
});

describe('consistency', () => {
  it('is infinite for what is reduced to its input exactly, and falls with what is added', () => {
    const photo = drawn(9, 64, 48, 0.1);
    const input = imresize8(photo, 1 / 2);
    const own = consistency(input, photo);
    expect(own === null || own > 45).toBe(true);
    const darker = raster(
      64,
      48,
      3,
      photo.data.map((value) => value - 0.1),
    );
    expect(consistency(input, darker)).toBeCloseTo(-20 * Math.log10(0.1 * (219 / 255)), 0);
  });
});
