import { describe, expect, test } from 'vitest';
import type { TileRect } from '../../src/shared/contract';
import { STAND_IN } from '../../src/renderer/view/standIn';
import { planDrawing, type DrawScene } from '../../src/renderer/view/drawPlan';
import { TileCache, type LayerSettings } from '../../src/renderer/view/tileCache';
import {
  lensScale,
  nearestFirst,
  seenRect,
  tileKey,
  tileSide,
  tilesOf,
  wantedTiles,
} from '../../src/renderer/view/tileGrid';
import { rulerMarks } from '../../src/renderer/view/rulerMarks';
import { fit, toSource } from '../../src/renderer/view/camera';
import { outputSize } from '../../src/shared/geometry';

const viewport = { width: 900, height: 600 };
const photo = { width: 641, height: 479 };

describe('the grid of tiles', () => {
  test('tiles cover a rectangle without gap or overlap and end with the enlargement', () => {
    for (const scale of [0.37, 1, 2.5, 7]) {
      const whole = outputSize(photo, scale);
      const tiles = tilesOf({ x: 0, y: 0, ...whole }, tileSide(scale), whole);
      const area = tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0);
      expect(area).toBe(whole.width * whole.height);
      expect(new Set(tiles.map(tileKey)).size).toBe(tiles.length);
      for (const tile of tiles) {
        expect(tile.x % tileSide(scale)).toBe(0);
        expect(tile.x + tile.width).toBeLessThanOrEqual(whole.width);
        expect(tile.y + tile.height).toBeLessThanOrEqual(whole.height);
      }
    }
  });

  test('every screen pixel that shows the photo lies in a visible tile', () => {
    const camera = { zoom: 3.7, x: 600, y: 40 };
    const { scale, visible } = wantedTiles(camera, viewport, photo, null);
    const whole = outputSize(photo, scale);
    expect(scale).toBe(3.7);
    for (let y = 0.5; y < viewport.height; y += 37) {
      for (let x = 0.5; x < viewport.width; x += 41) {
        const source = toSource(camera, viewport, { x, y });
        const at = { x: Math.floor(source.x * scale), y: Math.floor(source.y * scale) };
        if (at.x < 0 || at.y < 0 || at.x >= whole.width || at.y >= whole.height) continue;
        const hit = visible.some(
          (tile) =>
            at.x >= tile.x && at.y >= tile.y && at.x < tile.x + tile.width && at.y < tile.y + tile.height,
        );
        expect(hit).toBe(true);
      }
    }
  });

  test('what is around is not what is visible, and both come nearest the cursor first', () => {
    const camera = { zoom: 8, x: 320, y: 240 };
    const cursor = { x: 850, y: 50 };
    const { visible, around } = wantedTiles(camera, viewport, photo, cursor);
    const seen = new Set(visible.map(tileKey));
    expect(around.length).toBeGreaterThan(0);
    expect(around.some((tile) => seen.has(tileKey(tile)))).toBe(false);
    const focus = toSource(camera, viewport, cursor);
    const point = { x: focus.x * 8, y: focus.y * 8 };
    expect(visible).toEqual(nearestFirst(visible, point));
    const first = visible[0]!;
    expect(Math.abs(first.x + first.width / 2 - point.x)).toBeLessThanOrEqual(512);
  });

  test('past the largest scale its own tiles are magnified; far out the scale has an end too', () => {
    expect(lensScale(45)).toBe(30);
    expect(lensScale(1e-9)).toBe(1 / 1024);
    expect(lensScale(0.25)).toBe(0.25);
  });

  test('a photo out of sight wants nothing', () => {
    expect(seenRect({ zoom: 1, x: 5000, y: 0 }, viewport, photo, 1)).toBeNull();
    expect(wantedTiles({ zoom: 1, x: 5000, y: 0 }, viewport, photo, null).visible).toEqual([]);
  });

  test('a screen of 4K at any zoom asks for no more than one message may hold', () => {
    const large = { width: 3840, height: 2160 };
    for (const zoom of [0.1, 1, 2.9, 3, 30]) {
      const wanted = wantedTiles({ zoom, x: 6000, y: 4000 }, large, { width: 12_000, height: 8000 }, null);
      expect(wanted.visible.length + wanted.around.length).toBeLessThanOrEqual(1024);
    }
  });
});

const layer = (method: string, scale: number): LayerSettings => ({
  ...STAND_IN,
  photo: 'photo-1',
  method,
  scale,
});
const part = (rect: TileRect, picture: string, bytes: number, arrived: number) => ({
  ...{ rect, picture, bytes, arrived },
});
const tileAt = (x: number, y = 0) => ({ x, y, width: 512, height: 512 });

describe('the cache', () => {
  const make = (limit: number) => {
    const released: string[] = [];
    return { cache: new TileCache<string>(limit, (picture) => released.push(picture)), released };
  };
  const allOf = (cache: TileCache<string>) => [...cache.layers()].flatMap((one) => [...one.tiles.values()]);

  test('the longest untouched go first', () => {
    const { cache, released } = make(3);
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      cache.put(layer('bicubic', 2), part(tileAt(index * 512), name, 1, 0));
    }
    const [a] = allOf(cache);
    cache.keep(new Set([a!]));
    expect(released).toEqual(['b']);
    expect(cache.bytes).toBe(3);
  });

  test('what is on screen stays, even over the limit', () => {
    const { cache, released } = make(1);
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      cache.put(layer('bicubic', 2), part(tileAt(index * 512), name, 1, 0));
    }
    cache.keep(new Set(allOf(cache)));
    expect(released).toEqual([]);
    cache.keep(new Set());
    expect(cache.bytes).toBe(1);
  });

  test('a tile that comes again replaces and frees its earlier self', () => {
    const { cache, released } = make(10);
    cache.put(layer('bicubic', 2), part(tileAt(0), 'old', 4, 0));
    cache.put(layer('bicubic', 2), part(tileAt(0), 'new', 4, 1));
    expect(released).toEqual(['old']);
    expect(cache.bytes).toBe(4);
    expect(cache.has(layer('bicubic', 2), tileAt(0))).toBe(true);
    expect(cache.has(layer('bicubic', 3), tileAt(0))).toBe(false);
  });

  test('forgetting frees everything it names', () => {
    const { cache, released } = make(10);
    cache.put(layer('bicubic', 2), part(tileAt(0), 'a', 4, 0));
    cache.put(layer('fsrcnn', 2), part(tileAt(0), 'b', 4, 0));
    cache.forget((one) => one.method === 'fsrcnn');
    expect(released).toEqual(['b']);
    expect(cache.bytes).toBe(4);
  });
});

describe('the drawing plan', () => {
  const scene = (change: Partial<DrawScene> = {}): DrawScene => ({
    camera: { zoom: 4, x: 128, y: 128 },
    viewport: { width: 800, height: 600 },
    photo: { width: 256, height: 256 },
    wanted: layer('fsrcnn', 4),
    steady: true,
    now: 1000,
    fadeMilliseconds: 80,
    ...change,
  });
  const fill = (...layers: [string, number, string][]): TileCache<string> => {
    const cache = new TileCache<string>(1e9, () => undefined);
    for (const [method, scale, name] of layers) {
      const { width } = outputSize({ width: 256, height: 256 }, scale);
      const side = Math.min(512, width);
      cache.put(layer(method, scale), part({ x: 0, y: 0, width: side, height: side }, name, 1, 0));
    }
    return cache;
  };
  const names = (cache: TileCache<string>, change: Partial<DrawScene> = {}) =>
    planDrawing(cache.layers(), scene(change)).map((quad) => quad.tile.picture);

  test('the wanted tiles lie on top, stand-ins below: what is magnified most lies lowest', () => {
    const cache = fill(
      ['fsrcnn', 4, 'wanted'],
      ['fsrcnn', 3, 'near'],
      ['bicubic', 4, 'draft'],
      ['bicubic', 0.5, 'overview'],
      ['fsrcnn', 1.5, 'far'],
    );
    expect(names(cache)).toEqual(['overview', 'far', 'draft', 'near', 'wanted']);
  });

  test('tiles much finer than the screen and those of another photo are left out', () => {
    const cache = fill(['fsrcnn', 30, 'too fine']);
    cache.put(
      { ...layer('fsrcnn', 4), photo: 'photo-2' },
      { rect: tileAt(0), picture: 'other', bytes: 1, arrived: 0 },
    );
    expect(names(cache)).toEqual([]);
  });

  test('at rest a wanted tile covers whole device pixels, one each', () => {
    const cache = fill(['fsrcnn', 4, 'wanted']);
    const [quad] = planDrawing(cache.layers(), scene({ camera: { zoom: 4, x: 127.87, y: 63.31 } }));
    expect(quad!.exact).toBe(true);
    for (const edge of [quad!.left, quad!.top, quad!.right, quad!.bottom])
      expect(Number.isInteger(edge)).toBe(true);
    expect(quad!.right - quad!.left).toBe(512);
  });

  test('neighbouring stand-ins share their edges exactly', () => {
    const cache = new TileCache<string>(1e9, () => undefined);
    for (const x of [0, 512]) {
      cache.put(layer('fsrcnn', 3.3), part({ x, y: 0, width: x ? 333 : 512, height: 512 }, `${x}`, 1, 0));
    }
    const [a, b] = planDrawing(
      cache.layers(),
      scene({ camera: { zoom: 5.1, x: 150, y: 60 }, steady: false }),
    );
    expect(a!.exact).toBe(false);
    expect(a!.right).toBe(b!.left);
  });

  test('the last tile ends where the photo ends, at every scale', () => {
    const ends = [0.3, 0.77, 3.3, 4].map((scale) => {
      const whole = outputSize({ width: 256, height: 256 }, scale);
      const cache = new TileCache<string>(1e9, () => undefined);
      cache.put(layer('bicubic', scale), part({ x: 0, y: 0, ...whole }, 'last', 1, 0));
      return planDrawing(cache.layers(), scene({ wanted: layer('fsrcnn', 8) }))[0]!.right;
    });
    for (const end of ends) expect(end).toBeCloseTo(ends[0]!, 6);
  });

  test('tiles fade in by their age, and not at all without motion', () => {
    const cache = new TileCache<string>(1e9, () => undefined);
    cache.put(layer('fsrcnn', 4), part(tileAt(0), 'young', 1, 960));
    expect(planDrawing(cache.layers(), scene())[0]!.opacity).toBeCloseTo(0.5, 6);
    expect(planDrawing(cache.layers(), scene({ fadeMilliseconds: 0 }))[0]!.opacity).toBe(1);
  });

  test('what lies outside the viewport is not drawn', () => {
    const cache = fill(['fsrcnn', 4, 'wanted']);
    expect(names(cache, { camera: { zoom: 4, x: 256, y: 128 } })).toEqual([]);
  });

  test('a fitted photo at the whole zoom fills exactly the fitted rectangle', () => {
    const camera = fit({ width: 256, height: 256 }, { width: 800, height: 600 }, 44);
    expect(camera.zoom).toBe(2);
    const cache = fill(['fsrcnn', 2, 'all']);
    const [quad] = planDrawing(cache.layers(), scene({ camera, wanted: layer('fsrcnn', 2) }));
    expect([quad!.left, quad!.top, quad!.right, quad!.bottom]).toEqual([144, 44, 656, 556]);
  });
});

describe('the ruler', () => {
  test('marks every source pixel in sight where it is, and numbers as many as there is room for', () => {
    const marks = rulerMarks(100.25, 10, 200, 640);
    expect(marks[0]).toEqual({ at: 7.5, source: 101, labelled: false });
    expect(marks).toHaveLength(20);
    const labels = marks.filter((mark) => mark.labelled).map((mark) => mark.source);
    expect(labels).toEqual([110, 120]);
  });

  test('ends with the photo on both sides', () => {
    const marks = rulerMarks(-3, 20, 400, 8);
    expect(marks[0]!.source).toBe(0);
    expect(marks.at(-1)!.source).toBe(8);
  });
});
