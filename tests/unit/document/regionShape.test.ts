import { describe, expect, test } from 'vitest';
import {
  amid,
  drawn,
  grown,
  handlePlaces,
  HANDLES,
  hitRegion,
  moved,
  resized,
  type Ratio,
} from '../../../src/renderer/document/regionShape';
import { contains, wholeOf } from '../../../src/shared/geometry';
import { seeded } from '../seeded';

const photo = { width: 301, height: 199 };
const RATIOS: Ratio[] = [null, { width: 1, height: 1 }, { width: 3, height: 2 }, { width: 9, height: 16 }];

/** Many positions, some far outside of the photo. */
function* cases(count: number) {
  const random = seeded(7);
  const at = () => ({
    x: (random.real() * 1.6 - 0.3) * photo.width,
    y: (random.real() * 1.6 - 0.3) * photo.height,
  });
  for (let i = 0; i < count; i += 1)
    yield { a: at(), b: at(), c: at(), ratio: RATIOS[i % RATIOS.length] ?? null };
}
const isWhole = (region: object): boolean => Object.values(region).every(Number.isInteger);

test('a region without a hand is a third of what is seen of the photo, in its middle', () => {
  expect(amid({ x: 30, y: 60, width: 90, height: 30 }, photo)).toEqual({
    x: 60,
    y: 70,
    width: 30,
    height: 10,
  });
  expect(amid({ x: -500, y: -500, width: 2000, height: 2000 }, photo)).toEqual({
    x: 101,
    y: 67,
    width: 100,
    height: 66,
  });
});

describe('a region under a hand', () => {
  test('is whole pixels inside the photo, at least one, whatever is done', () => {
    for (const { a, b, c, ratio } of cases(800)) {
      const start = drawn(a, b, photo, ratio);
      const all = [
        start,
        moved(start, c.x - 100, c.y - 100, photo),
        amid({ ...a, width: Math.abs(b.x), height: Math.abs(b.y) }, photo),
        grown(start, Math.round(c.x - 150), 0, photo, ratio),
        ...HANDLES.map((handle) => resized(start, handle, c, photo, ratio)),
      ];
      for (const region of all) {
        expect(isWhole(region)).toBe(true);
        expect(region.width).toBeGreaterThan(0);
        expect(region.height).toBeGreaterThan(0);
        expect(contains(wholeOf(photo), region)).toBe(true);
      }
    }
  });

  test('drawn covers every pixel that both ends touch', () => {
    expect(drawn({ x: 10.7, y: 20.2 }, { x: 14.1, y: 22.9 }, photo, null)).toEqual({
      x: 10,
      y: 20,
      width: 5,
      height: 3,
    });
    expect(drawn({ x: 14.1, y: 22.9 }, { x: 10.7, y: 20.2 }, photo, null)).toEqual({
      x: 10,
      y: 20,
      width: 5,
      height: 3,
    });
  });

  test('moved keeps its size, and comes back', () => {
    const region = { x: 50, y: 60, width: 70, height: 30 };
    for (const [dx, dy] of [
      [10, -20],
      [0.4, 0.4],
      [-50, 60],
    ] as const) {
      const there = moved(region, dx, dy, photo);
      expect([there.width, there.height]).toEqual([70, 30]);
      expect(moved(there, region.x - there.x, region.y - there.y, photo)).toEqual(region);
    }
    expect(moved(region, 1e6, -1e6, photo)).toEqual({ x: 231, y: 0, width: 70, height: 30 });
  });

  test('the corner or edge opposite of a handle stays, without a ratio also the other axis', () => {
    const region = { x: 50, y: 60, width: 70, height: 30 };
    const to = { x: 90, y: 75 };
    for (const handle of HANDLES) {
      const next = resized(region, handle, to, photo, null);
      if (handle.includes('w')) expect(next.x + next.width).toBe(120);
      else if (handle.includes('e')) expect(next.x).toBe(50);
      else expect([next.x, next.width]).toEqual([50, 70]);
      if (handle.includes('n')) expect(next.y + next.height).toBe(90);
      else if (handle.includes('s')) expect(next.y).toBe(60);
      else expect([next.y, next.height]).toEqual([60, 30]);
    }
  });

  test('a handle beyond the opposite edge turns the region over', () => {
    const region = { x: 50, y: 60, width: 70, height: 30 };
    expect(resized(region, 'e', { x: 20, y: 0 }, photo, null)).toEqual({
      x: 20,
      y: 60,
      width: 30,
      height: 30,
    });
  });

  test('a ratio is kept to the nearest whole pixel', () => {
    for (const { a, b, c, ratio } of cases(400)) {
      if (!ratio) continue;
      const shape = ratio.width / ratio.height;
      for (const handle of HANDLES) {
        const { width, height } = resized(drawn(a, b, photo, ratio), handle, c, photo, ratio);
        const isNearest =
          Math.abs(width - height * shape) <= 0.5 + shape * 0.5 + 1e-9 ||
          Math.abs(height - width / shape) <= 0.5 + 0.5 / shape + 1e-9;
        expect(isNearest).toBe(true);
      }
    }
  });
});

describe('what a position hits', () => {
  const frames = [
    { id: 'low', left: 0, top: 0, right: 100, bottom: 100 },
    { id: 'high', left: 50, top: 50, right: 150, bottom: 150 },
  ];

  test('every handle of the chosen one, and of no other', () => {
    for (const handle of HANDLES) {
      const at = handlePlaces(frames[0]!)[handle];
      expect(hitRegion(frames, 'low', at, 5)).toEqual({ id: 'low', part: handle });
      expect(hitRegion(frames, null, at, 5)?.part).not.toBe(handle);
    }
  });

  test('the one on top, the chosen one before it, an edge before an inside, and nothing outside', () => {
    expect(hitRegion(frames, null, { x: 75, y: 75 }, 5)).toEqual({ id: 'high', part: 'inside' });
    expect(hitRegion(frames, 'low', { x: 75, y: 75 }, 5)).toEqual({ id: 'low', part: 'inside' });
    expect(hitRegion(frames, null, { x: 98, y: 80 }, 5)).toEqual({ id: 'low', part: 'edge' });
    expect(hitRegion(frames, null, { x: 170, y: 170 }, 5)).toBeNull();
  });
});
