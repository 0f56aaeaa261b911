import { describe, expect, it } from 'vitest';
import { BandBlender, featherWeights, type Span } from '../../src/engine/blend';
import { raster, type Raster } from '../../src/engine/raster';
import { right, rect } from '../../src/shared/geometry';
import { planTiles, readRect, rowsFirst, tileAt } from '../../src/shared/tiles';
import { cropped, largestDifference, seeded } from './seeded';

const random = seeded(9);

/** Spans of the tiles of an axis of `length`, each grown by `overlap`. */
function spansOf(length: number, side: number, overlap: number): Span[] {
  const area = rect<'output'>(0, 0, length, 1);
  const plan = planTiles(area, side);
  return Array.from({ length: plan.columns }, (_, column) => {
    const read = readRect(tileAt(plan, column, 0).core, { before: overlap, after: overlap }, area);
    return { start: read.x, end: right(read) };
  });
}

/** Blends tiles that `make` gives for their rectangle, tiles of a row in random order. */
function blended(
  columns: Span[],
  rows: Span[],
  channels: number,
  make: (x: Span, y: Span) => Raster,
): { whole: Raster; bandHeights: number[] } {
  const blender = new BandBlender(columns, rows, channels);
  const whole = raster(columns.at(-1)!.end, rows.at(-1)!.end, channels);
  const bandHeights: number[] = [];
  rows.forEach((y, row) => {
    const order = columns.map((_, column) => column).sort(() => random.real(-1, 1));
    order.forEach((column, k) => {
      const band = blender.add(column, row, make(columns[column]!, y));
      if (k < order.length - 1) expect(band).toBeUndefined();
      if (!band) return;
      bandHeights.push(band.rect.height);
      for (let c = 0; c < channels; c++) {
        const from = band.pixels.data.subarray(
          c * band.rect.height * band.rect.width,
          (c + 1) * band.rect.height * band.rect.width,
        );
        whole.data.set(from, (c * whole.height + band.rect.y) * whole.width);
      }
    });
  });
  return { whole, bandHeights };
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
});

describe('BandBlender', () => {
  it.each([
    [61, 47, 16, 3],
    [64, 64, 16, 0],
    [40, 90, 9, 12],
    [5, 5, 20, 3],
  ])(
    'of tiles that agree is their picture: %d x %d, tiles of %d, overlap %d',
    (width, height, side, overlap) => {
      const picture = random.picture(width, height, 3);
      const { whole, bandHeights } = blended(
        spansOf(width, side, overlap),
        spansOf(height, side, overlap),
        3,
        (x, y) => cropped(picture, rect(x.start, y.start, x.end - x.start, y.end - y.start)),
      );
      expect(largestDifference(whole.data, picture.data)).toBeLessThan(3e-7);
      expect(Math.max(...bandHeights)).toBeLessThanOrEqual(side + 2 * overlap);
      expect(bandHeights.reduce((a, b) => a + b)).toBe(height);
    },
  );

  it('without overlap places tiles exactly', () => {
    const picture = random.picture(30, 20, 1);
    const { whole } = blended(spansOf(30, 8, 0), spansOf(20, 8, 0), 1, (x, y) =>
      cropped(picture, rect(x.start, y.start, x.end - x.start, y.end - y.start)),
    );
    expect(largestDifference(whole.data, picture.data)).toBe(0);
  });

  it('spreads a step between two tiles over their overlap', () => {
    const columns = spansOf(40, 20, 8);
    const { whole } = blended(columns, [{ start: 0, end: 3 }], 1, (x, y) => {
      const [width, height] = [x.end - x.start, y.end - y.start];
      return raster(width, height, 1, new Float32Array(width * height).fill(x.start === 0 ? 0 : 1));
    });
    const steps = [...whole.data.subarray(1, 40)].map((value, i) => value - whole.data[i]!);
    expect(whole.data[0]).toBe(0);
    expect(whole.data[39]).toBe(1);
    expect(Math.max(...steps)).toBeLessThan(1 / 16);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  });

  it('refuses tiles of another size, out of turn or given twice, and spans with gaps', () => {
    const blender = new BandBlender(spansOf(20, 10, 2), spansOf(20, 10, 2), 1);
    expect(() => blender.add(0, 0, raster(3, 12, 1))).toThrow(/12 x 12 x 1.*received 3 x 12 x 1/);
    expect(() => blender.add(0, 1, raster(12, 12, 1))).toThrow(/row 0 of 2.*column 0, row 1/);
    blender.add(1, 0, raster(12, 12, 1));
    expect(() => blender.add(1, 0, raster(12, 12, 1))).toThrow(/each once/);
    const gap = [
      { start: 0, end: 4 },
      { start: 5, end: 9 },
    ];
    expect(() => new BandBlender(gap, [{ start: 0, end: 1 }], 1)).toThrow('received 5 to 9 after 0 to 4');
  });
});

it('planned tiles meet the blender row by row', () => {
  const plan = planTiles(rect<'output'>(0, 0, 50, 30), 12);
  const rows = [...rowsFirst(plan)].map(({ row }) => row);
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
});
