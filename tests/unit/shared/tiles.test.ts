import { describe, expect, it } from 'vitest';
import { area, bottom, contains, grow, rect, right } from '../../../src/shared/geometry';
import {
  alignedRead,
  planTiles,
  readWithin,
  rowsFirst,
  tileAt,
  tileCount,
  tileSide,
} from '../../../src/shared/tiles';
import { seeded } from '../seeded';

const random = seeded(11);
const randomPlan = (): ReturnType<typeof planTiles<'output'>> =>
  planTiles(
    rect<'output'>(random.whole(0, 50), random.whole(0, 50), random.whole(1, 120), random.whole(1, 120)),
    random.whole(1, 60),
  );

describe('planTiles', () => {
  it('puts every pixel in exactly one core, evenly, within the target', () => {
    for (let k = 0; k < 100; k++) {
      const target = random.whole(1, 60);
      const plan = planTiles(rect(3, 5, random.whole(1, 120), random.whole(1, 120)), target);
      const covered = new Uint8Array(plan.area.width * plan.area.height);
      const [widths, heights] = [new Set<number>(), new Set<number>()];
      for (const { core } of rowsFirst(plan)) {
        widths.add(core.width);
        heights.add(core.height);
        for (let y = core.y; y < bottom(core); y++) {
          for (let x = core.x; x < right(core); x++) covered[(y - 5) * plan.area.width + x - 3]!++;
        }
      }
      expect(covered.every((times) => times === 1)).toBe(true);
      for (const sides of [widths, heights]) {
        expect(Math.max(...sides) - Math.min(...sides)).toBeLessThanOrEqual(1);
        expect(Math.max(...sides)).toBeLessThanOrEqual(target);
      }
      expect(plan.columns).toBe(Math.ceil(plan.area.width / target));
    }
  });

  it('of a huge picture costs nothing until it is walked', () => {
    const plan = planTiles(rect<'output'>(0, 0, 900_000, 900_000), 256);
    expect(tileCount(plan)).toBe(3516 ** 2);
    const last = tileAt(plan, plan.columns - 1, plan.rows - 1);
    expect([right(last.core), bottom(last.core)]).toEqual([900_000, 900_000]);
    const walk = rowsFirst(plan);
    expect(walk.next().value).toMatchObject({ column: 0, row: 0 });
    walk.return();
  });

  it('of nothing has no tiles', () => {
    expect([...rowsFirst(planTiles(rect(0, 0, 0, 10), 4))]).toEqual([]);
  });

  it('refuses tiles that are no whole pixels, and tiles that there are not', () => {
    expect(() => planTiles(rect(0, 0, 5, 5), 0)).toThrow(/received 0/);
    expect(() => planTiles(rect(0, 0, 5, 5), 2.5)).toThrow(/received 2.5/);
    expect(() => tileAt(planTiles(rect(0, 0, 5, 5), 5), 1, 0)).toThrow(/1 x 1.*column 1/);
  });
});

describe('alignedRead', () => {
  it('holds the core with its overlap, out to whole multiples, beyond the border too', () => {
    const overlap = { before: 4, after: 7 };
    expect(alignedRead(rect(0, 20, 30, 30), overlap, 1)).toEqual(rect(-4, 16, 41, 41));
    expect(alignedRead(rect(0, 20, 30, 30), overlap, 8)).toEqual(rect(-8, 16, 48, 48));
    for (let k = 0; k < 10; k++) {
      const align = random.whole(1, 9);
      const around = { before: random.whole(0, 20), after: random.whole(0, 20) };
      for (const { core } of rowsFirst(randomPlan())) {
        const read = alignedRead(core, around, align);
        expect(contains(read, grow(core, around.before, around.after))).toBe(true);
        for (const side of [read.x, read.y, right(read), bottom(read)])
          expect(Math.abs(side % align)).toBe(0);
        expect(read.width).toBeLessThan(core.width + around.before + around.after + 2 * align);
      }
    }
  });
});

describe('readWithin', () => {
  it('reads no further beyond the border than said, and there too out to whole multiples', () => {
    const whole = rect(0, 0, 50, 40);
    const sight = { reach: { before: 9, after: 9 }, border: { before: 3, after: 5 }, align: 1 };
    expect(readWithin(rect(20, 20, 5, 5), sight, whole)).toEqual(rect(11, 11, 23, 23));
    expect(readWithin(rect(0, 20, 50, 20), sight, whole)).toEqual(rect(-3, 11, 58, 34));
    expect(readWithin(rect(0, 20, 50, 20), { ...sight, align: 8 }, whole)).toEqual(rect(-8, 8, 64, 40));
  });
});

describe('tiles that may be longer one way', () => {
  it('are fewer, none has more pixels than a square one may, and none is longer than it may be', () => {
    expect(planTiles(rect(0, 0, 1008, 756), 239)).toMatchObject({ columns: 5, rows: 4 });
    expect(planTiles(rect(0, 0, 1008, 756), 239, 298)).toMatchObject({ columns: 5, rows: 3 });
    for (let n = 0; n < 200; n++) {
      const side = random.whole(1, 40);
      const longest = Math.floor(side * 1.25);
      const area = rect(3, 5, random.whole(1, 200), random.whole(1, 200));
      const plan = planTiles(area, side, longest);
      expect(tileCount(plan)).toBeLessThanOrEqual(tileCount(planTiles(area, side)));
      for (const { core } of rowsFirst(plan)) {
        expect(core.width * core.height).toBeLessThanOrEqual(side ** 2);
        expect(Math.max(core.width, core.height)).toBeLessThanOrEqual(longest);
      }
    }
  });
});

describe('tileSide', () => {
  const budget = { bytesPerPixel: 1000, overlap: 20, smallestSide: 16, largestSide: 256 };

  it('takes the largest tile that the memory allows, overlap included', () => {
    for (const bytes of [2e6, 5e6, 2e7]) {
      const side = tileSide({ ...budget, bytes });
      expect(area({ width: side + 20, height: side + 20 }) * 1000).toBeLessThanOrEqual(bytes);
      expect(area({ width: side + 21, height: side + 21 }) * 1000).toBeGreaterThan(bytes);
    }
  });

  it('keeps to its limits', () => {
    expect(tileSide({ ...budget, bytes: 1 })).toBe(16);
    expect(tileSide({ ...budget, bytes: 1e12 })).toBe(256);
  });
});
