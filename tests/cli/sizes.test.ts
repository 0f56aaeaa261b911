import { describe, expect, it } from 'vitest';
import { scaleFor } from '../../src/cli/sizes';
import { outputRect, outputSize, rect } from '../../src/shared/geometry';

/** A repeatable stream of whole numbers from `from` to `to` (Lehmer's generator). */
function numbers(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (state * 48_271) % 2_147_483_647;
    return from + (state % (to - from + 1));
  };
}

describe('the scale for a size', () => {
  it('brings any photo to exactly the width or height asked for', () => {
    const next = numbers(7);
    for (let round = 0; round < 2000; round += 1) {
      const photo = { width: next(1, 6000), height: next(1, 6000) };
      const by = round % 2 === 0 ? 'width' : 'height';
      const pixels = next(photo[by], photo[by] * 30);
      expect(outputSize(photo, scaleFor({ by, pixels }, photo, undefined))[by]).toBe(pixels);
    }
  });

  it('brings any region to exactly the size asked for, wherever it starts', () => {
    const next = numbers(11);
    for (let round = 0; round < 5000; round += 1) {
      const photo = { width: next(10, 900), height: next(10, 900) };
      const x = next(0, photo.width - 1);
      const y = next(0, photo.height - 1);
      const region = rect<'source'>(x, y, next(1, photo.width - x), next(1, photo.height - y));
      const pixels = next(region.width, region.width * 30);
      const scale = scaleFor({ by: 'width', pixels }, photo, region);
      expect(outputRect(region, photo, scale).width, JSON.stringify({ photo, region, pixels })).toBe(pixels);
    }
  });

  it('gives the long side to a print', () => {
    const print = { longSidePixels: 3543, densityPpi: 300 };
    const tall = { width: 600, height: 800 };
    expect(outputSize(tall, scaleFor({ by: 'print', print }, tall, undefined)).height).toBe(3543);
  });

  it('refuses what is smaller than the photo or larger than x30, and says what goes', () => {
    const photo = { width: 200, height: 100 };
    const ask = (pixels: number) => () => scaleFor({ by: 'width', pixels }, photo, undefined);
    expect(ask(199)).toThrow(/--width .*200 pixels, received 199 pixels; ask for 200 to 6000/);
    expect(ask(6001)).toThrow(/6001/);
    expect(scaleFor({ by: 'width', pixels: 6000 }, photo, undefined)).toBe(30);
    expect(scaleFor({ by: 'width', pixels: 200 }, photo, undefined)).toBe(1);
  });

  it('refuses a region outside the photo', () => {
    const region = rect<'source'>(150, 50, 51, 10);
    expect(() => scaleFor({ by: 'scale', scale: 2 }, { width: 200, height: 100 }, region)).toThrow(
      'Expected --region to lie inside the photo, which is 200 x 100 pixels, received 150,50,51,10.',
    );
  });
});
