import { describe, expect, test } from 'vitest';
import { toSource } from '../../src/renderer/scene/camera';
import { rulerMarks } from '../../src/renderer/scene/rulerMarks';
import {
  overviewTiles,
  scaleAtZoom,
  visibleRect,
  tileKey,
  tileSide,
  tilesInView,
  tilesOf,
} from '../../src/renderer/scene/tileGrid';
import { TILES_MAX } from '../../src/shared/contract';
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
    const { scale, visible } = tilesInView(camera, viewport, photo);
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

  test('what is around is not what is visible', () => {
    const { visible, around } = tilesInView({ zoom: 8, x: 320, y: 240 }, viewport, photo);
    const seen = new Set(visible.map(tileKey));
    expect(around.length).toBeGreaterThan(0);
    expect(around.some((tile) => seen.has(tileKey(tile)))).toBe(false);
  });

  test('an overview is the whole photo in few tiles, whatever its size', () => {
    for (const size of [photo, { width: 20_000, height: 14_000 }, { width: 3, height: 60_000 }]) {
      const { scale, tiles } = overviewTiles(size);
      const whole = outputSize(size, scale);
      expect(tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0)).toBe(whole.width * whole.height);
      expect(tiles.length).toBeLessThanOrEqual(9);
    }
  });

  test('past the largest scale its own tiles are magnified; far out the scale has an end too', () => {
    expect(scaleAtZoom(45)).toBe(30);
    expect(scaleAtZoom(1e-9)).toBe(1 / 1024);
    expect(scaleAtZoom(0.25)).toBe(0.25);
  });

  test('a photo out of sight wants nothing', () => {
    expect(visibleRect({ zoom: 1, x: 5000, y: 0 }, viewport, photo, 1)).toBeNull();
    expect(tilesInView({ zoom: 1, x: 5000, y: 0 }, viewport, photo).visible).toEqual([]);
  });

  test('a screen of 4K at any zoom asks for no more than one message may hold', () => {
    const large = { width: 3840, height: 2160 };
    for (const zoom of [0.1, 1, 2.9, 3, 30]) {
      const wanted = tilesInView({ zoom, x: 6000, y: 4000 }, large, { width: 12_000, height: 8000 });
      expect(wanted.visible.length + wanted.around.length).toBeLessThanOrEqual(TILES_MAX);
    }
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
