import { describe, expect, it } from 'vitest';
import { featherWeights, type Span } from '../../src/engine/kernels/blend';
import { grow, intersect, right, rect } from '../../src/shared/geometry';
import { planTiles, tileAt } from '../../src/shared/tiles';
import { largestDifference } from './seeded';

/** Spans of the tiles of an axis of `length`, each grown by `overlap`. */
function spansOf(length: number, side: number, overlap: number): Span[] {
  const area = rect<'output'>(0, 0, length, 1);
  const plan = planTiles(area, side);
  return Array.from({ length: plan.columns }, (_, column) => {
    const read = intersect(grow(tileAt(plan, column, 0).core, overlap), area);
    return { start: read.x, end: right(read) };
  });
}

describe('featherWeights', () => {
  it.each([
    [100, 20, 0],
    [100, 20, 5],
    [97, 13, 6],
    [50, 7, 20],
    [10, 30, 4],
  ])('sum to 1 at every pixel of %d, tiles of %d, overlap %d', (length, side, overlap) => {
    const spans = spansOf(length, side, overlap);
    const total = new Float64Array(length);
    featherWeights(spans).forEach((own, k) => {
      own.forEach((weight, i) => {
        expect(weight).toBeGreaterThan(0);
        total[spans[k]!.start + i]! += weight;
      });
    });
    expect(largestDifference(total, new Float64Array(length).fill(1))).toBeLessThan(1e-12);
  });

  it('fade linearly from one tile into the next, and are 1 where a tile is alone', () => {
    const [a, b] = featherWeights([
      { start: 0, end: 6 },
      { start: 3, end: 9 },
    ]);
    expect(largestDifference(a!, [1, 1, 1, 0.75, 0.5, 0.25])).toBeLessThan(1e-12);
    expect(largestDifference(b!, [0.25, 0.5, 0.75, 1, 1, 1])).toBeLessThan(1e-12);
  });

  it('refuse spans with a gap', () => {
    const gap = [
      { start: 0, end: 4 },
      { start: 5, end: 9 },
    ];
    expect(() => featherWeights(gap)).toThrow('received 5 to 9 after 0 to 4');
  });
});
