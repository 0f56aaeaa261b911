import { describe, expect, it } from 'vitest';
import { detailedParts } from '../../src/engine/kernels/detail';
import { seeded } from './seeded';

const random = seeded(5);
const WIDTH = 200;
const luma = (isRough: (x: number, y: number) => number) => ({
  width: WIDTH,
  height: 120,
  values: Float32Array.from(
    { length: WIDTH * 120 },
    (_, i) => 128 + isRough(i % WIDTH, Math.floor(i / WIDTH)) * random.real(-40, 40),
  ),
});

describe('the most detailed parts', () => {
  it('lie where the detail is, the best first, and none on another', () => {
    const spots = luma((x, y) => (x >= 120 && x < 150 && y >= 60 && y < 90 ? 1 : x < 30 && y < 30 ? 0.5 : 0));
    const [best, second, ...more] = detailedParts(spots, { width: 32, height: 32 }, 4);
    expect(best!.x).toBeGreaterThan(112);
    expect(best!.x).toBeLessThan(128);
    expect([second!.x, second!.y]).toEqual([0, 0]);
    const all = [best!, second!, ...more];
    expect(all).toHaveLength(4);
    for (const [k, a] of all.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + 32 <= WIDTH && a.y + 32 <= 120).toBe(true);
      for (const b of all.slice(k + 1)) {
        expect(Math.abs(a.x - b.x) >= 32 || Math.abs(a.y - b.y) >= 32).toBe(true);
      }
    }
  });

  it('of a picture that is no larger than one are the picture', () => {
    expect(
      detailedParts(
        luma(() => 1),
        { width: 400, height: 120 },
        3,
      ),
    ).toEqual([{ x: 0, y: 0, width: 200, height: 120 }]);
  });
});
