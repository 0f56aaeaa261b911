import { describe, expect, it } from 'vitest';
import { KERNELS, resampleReach, type KernelName } from '../../../src/engine/kernels/resample/kernels';
import { axisWeights, mirrored, periodOf } from '../../../src/engine/kernels/resample/weights';
import { sourcePosition } from '../../../src/shared/geometry';
import { largestDifference, seeded } from '../seeded';

const SMOOTH = ['bilinear', 'bicubic', 'lanczos3'] as const;

/** The weights that MATLAB's imresize documents for one output pixel, by source index before mirroring. */
function imresizeWeights(kernel: KernelName, scale: number, output: number): Map<number, number> {
  const { radius, weigh } = KERNELS[kernel];
  const shrink = Math.min(1, scale);
  const width = (2 * radius) / shrink;
  const x = output + 1;
  const u = x / scale + 0.5 * (1 - 1 / scale);
  const left = Math.floor(u - width / 2);
  const found = new Map<number, number>();
  let sum = 0;
  for (let tap = 0; tap < Math.ceil(width) + 2; tap++) {
    const weight = weigh(shrink * (u - (left + tap)));
    found.set(left + tap - 1, weight);
    sum += weight;
  }
  return new Map([...found].map(([index, weight]) => [index, weight / sum]));
}

describe('kernels', () => {
  it.each(SMOOTH)('%s keeps the pixels that it falls on', (name) => {
    const { weigh, radius } = KERNELS[name];
    expect(weigh(0)).toBe(1);
    for (let d = 1; d <= radius + 1; d++) {
      expect(weigh(d)).toBeCloseTo(0, 12);
      expect(weigh(-d)).toBe(weigh(d));
    }
  });

  it('bicubic is the Keys kernel with a = -0.5', () => {
    expect(KERNELS.bicubic.weigh(0.5)).toBe(0.5625);
    expect(KERNELS.bicubic.weigh(-1.5)).toBe(-0.0625);
  });

  it('lanczos3 is a sinc in a sinc window', () => {
    const sinc = (x: number): number => Math.sin(Math.PI * x) / (Math.PI * x);
    for (const x of [0.1, 0.5, 1.3, 2.7]) {
      expect(KERNELS.lanczos3.weigh(x)).toBeCloseTo(sinc(x) * sinc(x / 3), 12);
    }
  });

  it('reach grows when reducing, except for nearest', () => {
    expect(resampleReach('bicubic', 4)).toBe(2);
    expect(resampleReach('bicubic', 0.25)).toBe(8);
    expect(resampleReach('lanczos3', 0.1)).toBe(30);
    expect(resampleReach('nearest', 0.1)).toBe(0.5);
  });
});

describe('axisWeights', () => {
  const random = seeded(1);
  const scales = [0.001, 0.03, 0.25, 1 / 3, 0.4, 0.9, 1, 1.5, 2, 2.5, 3, 3.7, 4, 29.99, 30].concat(
    Array.from({ length: 12 }, () => Math.exp(random.real(Math.log(0.001), Math.log(30)))),
  );

  it.each(scales)('at x%d has the weights of imresize', (scale) => {
    for (const kernel of SMOOTH) {
      const start = random.whole(0, 500);
      const { taps, starts, weights } = axisWeights(kernel, scale, start, 9);
      let largest = 0;
      for (let i = 0; i < 9; i++) {
        const expected = imresizeWeights(kernel, scale, start + i);
        for (let t = 0; t < taps; t++) {
          const index = starts[i]! + t;
          largest = Math.max(largest, Math.abs(weights[i * taps + t]! - (expected.get(index) ?? 0)));
          expected.delete(index);
        }
        for (const weight of expected.values()) largest = Math.max(largest, Math.abs(weight));
      }
      expect(largest).toBeLessThan(1e-8);
    }
  });

  it.each(scales)('at x%d sums to 1 and stays within reach', (scale) => {
    for (const kernel of SMOOTH) {
      const { taps, starts, weights } = axisWeights(kernel, scale, 100, 20);
      const reach = resampleReach(kernel, scale);
      let furthest = 0;
      for (let i = 0; i < 20; i++) {
        const sum = weights.subarray(i * taps, (i + 1) * taps).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(1, 12);
        const position = sourcePosition(100 + i, scale);
        for (let t = 0; t < taps; t++) {
          const distance = Math.abs(starts[i]! + t - position);
          if (weights[i * taps + t] !== 0) furthest = Math.max(furthest, distance);
        }
      }
      expect(furthest).toBeLessThanOrEqual(reach + 1e-9);
    }
  });

  it('of a part are those of the whole, bit for bit', () => {
    for (const scale of scales) {
      for (const kernel of [...SMOOTH, 'nearest'] as const) {
        const whole = axisWeights(kernel, scale, 0, 150);
        const start = random.whole(0, 100);
        const part = axisWeights(kernel, scale, start, 50);
        const weights = whole.weights.subarray(start * whole.taps, (start + 50) * whole.taps);
        expect(largestDifference(part.starts, whole.starts.subarray(start, start + 50))).toBe(0);
        expect(largestDifference(part.weights, weights)).toBe(0);
      }
    }
  });

  it('nearest takes the pixel under the sample position, the second of two', () => {
    expect([...axisWeights('nearest', 2.5, 0, 10).starts]).toEqual([0, 0, 1, 1, 1, 2, 2, 3, 3, 3]);
    expect([...axisWeights('nearest', 0.5, 0, 3).starts]).toEqual([1, 3, 5]);
    expect([...axisWeights('nearest', 0.3, 0, 3).starts]).toEqual([1, 5, 8]);
  });

  it('finds the period of rational scales only', () => {
    expect(periodOf(4)).toEqual({ outputs: 4, sources: 1 });
    expect(periodOf(2.5)).toEqual({ outputs: 5, sources: 2 });
    expect(periodOf(1 / 3)).toEqual({ outputs: 1, sources: 3 });
    expect(periodOf(0.4)).toEqual({ outputs: 2, sources: 5 });
    expect(periodOf(Math.PI)).toBeUndefined();
  });
});

describe('mirrored', () => {
  it('repeats the border pixel and goes back and forth', () => {
    expect([-7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((index) => mirrored(index, 3))).toEqual([
      0, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0,
    ]);
    expect([-2, -1, 0, 1, 2].map((index) => mirrored(index, 1))).toEqual([0, 0, 0, 0, 0]);
  });
});
