import { describe, expect, it } from 'vitest';
import {
  area,
  contains,
  grow,
  intersect,
  isEmpty,
  outputLength,
  outputRect,
  outputSize,
  rect,
  right,
  bottom,
  sourcePosition,
  sourceRect,
  translate,
  wholeOf,
  type Rect,
} from '../../../src/shared/geometry';
import { seeded } from '../seeded';

const random = seeded(12);
const anyRect = (): Rect =>
  rect(random.whole(-9, 9), random.whole(-9, 9), random.whole(0, 9), random.whole(0, 9));
const repeat = (times: number, run: () => void): void => {
  for (let k = 0; k < times; k++) run();
};

describe('rectangles', () => {
  it('intersect in what both hold', () => {
    repeat(200, () => {
      const [a, b] = [anyRect(), anyRect()];
      const common = intersect(a, b);
      expect(common).toEqual(intersect(b, a));
      expect(intersect(a, a)).toEqual(a);
      if (isEmpty(common)) return;
      expect(contains(a, common) && contains(b, common)).toBe(true);
    });
    expect(intersect(rect(0, 0, 4, 4), rect(10, 1, 2, 2))).toMatchObject({ width: 0 });
  });

  it('grow and move', () => {
    repeat(50, () => {
      const a = anyRect();
      expect(grow(grow(a, 3, 5), -3, -5)).toEqual(a);
      expect(contains(grow(a, 2), a)).toBe(true);
      expect(translate(translate(a, 4, -7), -4, 7)).toEqual(a);
    });
    expect(grow(rect(5, 5, 2, 2), 1, 3)).toEqual(rect(4, 4, 6, 6));
    expect(area(wholeOf({ width: 7, height: 3 }))).toBe(21);
  });
});

describe('the enlargement grid', () => {
  it('has a whole number of pixels, at least one', () => {
    expect(outputSize({ width: 100, height: 3 }, 2.5)).toEqual({ width: 250, height: 8 });
    expect(outputLength(1, 0.001)).toBe(1);
  });

  it('keeps pixel centres: sample positions are symmetric about the middle of the photo', () => {
    for (const scale of [2, 3, 4, 30]) {
      const length = 17;
      const total = outputLength(length, scale);
      for (let i = 0; i < total; i++) {
        const mirror = length - 1 - sourcePosition(total - 1 - i, scale);
        expect(sourcePosition(i, scale)).toBeCloseTo(mirror, 10);
      }
    }
    expect(sourcePosition(4, 1)).toBe(4);
  });

  it('gives neighbouring regions neighbouring outputs that fill the whole', () => {
    repeat(100, () => {
      const source = { width: random.whole(2, 60), height: random.whole(2, 60) };
      const scale = random.real(1, 30);
      const cut = random.whole(1, source.width - 1);
      const left = outputRect(rect(0, 0, cut, source.height), source, scale);
      const rest = outputRect(rect(cut, 0, source.width - cut, source.height), source, scale);
      expect(rest.x).toBe(right(left));
      const whole = outputSize(source, scale);
      expect([right(rest), bottom(rest)]).toEqual([whole.width, whole.height]);
      expect(outputRect(wholeOf(source), source, scale)).toEqual(wholeOf(whole));
    });
  });

  it('keeps the smallest region visible and inside, also when reducing', () => {
    repeat(100, () => {
      const source = { width: random.whole(1, 60), height: random.whole(1, 60) };
      const scale = random.real(0.01, 3);
      const pixel = rect<'source'>(
        random.whole(0, source.width - 1),
        random.whole(0, source.height - 1),
        1,
        1,
      );
      const output = outputRect(pixel, source, scale);
      expect(isEmpty(output)).toBe(false);
      expect(contains(wholeOf(outputSize(source, scale)), output)).toBe(true);
    });
  });

  it('names the source pixels within reach of an output, no more and no fewer', () => {
    repeat(200, () => {
      const source = { width: random.whole(1, 60), height: 1 };
      const scale = random.real(0.2, 30);
      const reach = random.real(0, 6);
      const total = outputLength(source.width, scale);
      const x = random.whole(0, total - 1);
      const output = rect<'output'>(x, 0, random.whole(1, total - x), 1);
      const needed = sourceRect(output, scale, reach, source);
      expect(contains(wholeOf(source), needed)).toBe(true);
      const low = sourcePosition(output.x, scale) - reach;
      const high = sourcePosition(right(output) - 1, scale) + reach;
      for (let i = 0; i < source.width; i++) {
        const within = i >= low && i <= high;
        if (within) expect(i >= needed.x && i < right(needed)).toBe(true);
      }
      if (needed.width > 1) {
        expect(needed.x).toBeGreaterThanOrEqual(Math.min(low, source.width - 1) - 1e-6);
        expect(right(needed) - 1).toBeLessThanOrEqual(Math.max(high, 0) + 1e-6);
      }
    });
  });
});
