import { describe, expect, it } from 'vitest';
import { cutMirrored, mirroredSource } from '../../src/engine/kernels/margin';
import { raster } from '../../src/engine/kernels/raster';
import { cutOut } from '../../src/engine/kernels/window';
import { contains, rect, wholeOf } from '../../src/shared/geometry';
import { seeded } from './seeded';

const picture = raster(
  5,
  3,
  2,
  Float32Array.from({ length: 30 }, (_, i) => i),
);
const whole = { rect: wholeOf(picture), pixels: picture };

describe('a picture mirrored beyond its border', () => {
  it('repeats the outermost pixels, then goes back', () => {
    const row = cutMirrored(whole, rect(-3, 0, 11, 1), picture).data.slice(0, 11);
    expect([...row]).toEqual([2, 1, 0, 0, 1, 2, 3, 4, 4, 3, 2]);
    const column = cutMirrored(whole, rect(0, -4, 1, 11), picture).data.slice(0, 11);
    expect([...column]).toEqual([10, 10, 5, 0, 0, 5, 10, 10, 5, 0, 0]);
  });

  it('is itself inside', () => {
    const part = rect(1, 1, 3, 2);
    expect(cutMirrored(whole, part, picture).data).toEqual(cutOut(whole, part).data);
    expect(mirroredSource(part, picture)).toEqual(part);
  });

  it('needs no more than what is said, wherever the part lies', () => {
    const random = seeded(3);
    for (let n = 0; n < 200; n++) {
      const [x, y] = [random.whole(-14, 6), random.whole(-14, 6)];
      const part = rect(x, y, random.whole(1, 20), random.whole(1, 20));
      const source = mirroredSource(part, picture);
      expect(contains(wholeOf(picture), source)).toBe(true);
      const window = { rect: source, pixels: cutOut(whole, source) };
      expect(cutMirrored(window, part, picture).data).toEqual(cutMirrored(whole, part, picture).data);
    }
  });
});
