import { describe, expect, it } from 'vitest';
import { coreSide, type TileCosts } from '../../../src/engine/runtime/tileSize';

/** A network of EDSR's work; what is alive is what its scale makes it. */
const costs = (more: Partial<TileCosts>): TileCosts => ({ macsPerPixel: 1.5e6, overlap: 28, ...more });
const readSide = (given: TileCosts): number => coreSide(given, 32) + given.overlap;

describe('the side of a tile', () => {
  it('falls with what a pixel takes, and is never under the smallest', () => {
    const sides = [1000, 4000, 16_000, 64_000].map((bytes) =>
      coreSide(costs({ liveBytesPerPixel: bytes }), 32),
    );
    expect(sides).toEqual([...sides].sort((a, b) => b - a));
    expect(new Set(sides).size).toBe(4);
    expect(coreSide(costs({ liveBytesPerPixel: 1e9 }), 32)).toBe(32);
  });

  it('keeps a run within the memory and the work that one may take', () => {
    for (const exact of [true, false]) {
      for (const [liveBytesPerPixel, macsPerPixel] of [
        [1548, 1.5e6],
        [4108, 2.1e6],
        [8216, 6e6],
      ] as const) {
        const pixels = readSide(costs({ liveBytesPerPixel, macsPerPixel, exact })) ** 2;
        expect(2 * liveBytesPerPixel * pixels).toBeLessThanOrEqual(2 ** 30);
        expect(macsPerPixel * pixels).toBeLessThanOrEqual(5.5e11);
      }
    }
  });

  it('of what is kept for neighbours is bounded by the result', () => {
    const side = (factor: number, exact: boolean): number =>
      coreSide(costs({ liveBytesPerPixel: 1500, factor, exact }), 32);
    expect([2, 3, 4].map((factor) => side(factor, false) * factor).every((result) => result <= 1200)).toBe(
      true,
    );
    expect(side(4, false)).toBe(300);
    expect(side(4, true)).toBeGreaterThan(300);
  });
});
