import { describe, expect, test } from 'vitest';
import {
  camerasFor,
  cursors,
  inPane,
  moveCamera,
  paneAt,
  rearrange,
  sourceIn,
} from '../../src/renderer/scene/cameras';
import { panBy, zoomAt } from '../../src/renderer/scene/camera';
import { gridShape } from '../../src/renderer/scene/panes/grid';
import { arrange, type Layout } from '../../src/renderer/scene/panes/layout';
import type { Pane } from '../../src/renderer/scene/panes/pane';
import { area, contains, intersect, wholeOf } from '../../src/shared/geometry';

const canvas = { width: 1201, height: 799 };
const camera = { zoom: 3.3, x: 210.4, y: 99.5 };
const clipArea = (pane: Pane): number => pane.passes.reduce((sum, { clip }) => sum + area(clip), 0);
const split = (divider: number, direction: 'vertical' | 'horizontal' = 'vertical'): Pane[] =>
  arrange({ kind: 'split', layers: [0, 1], divider, direction }, canvas, 2);

describe('layouts', () => {
  test('whatever the kind, passes lie in their panes, panes on the canvas, and none over another', () => {
    const layouts: Layout[] = [
      { kind: 'single', layer: 0 },
      { kind: 'split', layers: [0, 1], divider: 0.37, direction: 'horizontal' },
      { kind: 'grid', gap: 2 },
      { kind: 'difference', layers: [0, 1], gain: 4, isSigned: true },
    ];
    for (const layout of layouts) {
      for (let layers = 2; layers <= 9; layers += 1) {
        const panes = arrange(layout, canvas, layers);
        for (const [index, { rect, passes }] of panes.entries()) {
          expect(contains(wholeOf(canvas), rect)).toBe(true);
          for (const { clip } of passes) expect(contains(rect, clip)).toBe(true);
          for (const other of panes.slice(index + 1)) expect(area(intersect(rect, other.rect))).toBe(0);
        }
      }
    }
  });

  test('a split covers its pane without gap or overlap, wherever the divider is', () => {
    for (const direction of ['vertical', 'horizontal'] as const) {
      for (const divider of [-1, 0, 0.123, 0.5, 0.999, 1, 2]) {
        const panes = split(divider, direction);
        expect(panes).toHaveLength(1);
        const [before, after] = panes[0]!.passes;
        expect(clipArea(panes[0]!)).toBe(area(canvas));
        expect(area(intersect(before!.clip, after!.clip))).toBe(0);
      }
    }
  });

  test('a divider lies on a whole device pixel, the first layer before it', () => {
    const [first, second] = split(0.25)[0]!.passes;
    expect(first).toEqual({ kind: 'layer', layer: 0, clip: { x: 0, y: 0, width: 300, height: 799 } });
    expect(second).toEqual({ kind: 'layer', layer: 1, clip: { x: 300, y: 0, width: 901, height: 799 } });
  });

  test('all panes of a grid have one size, and every layer has one', () => {
    for (let layers = 1; layers <= 9; layers += 1) {
      const panes = arrange({ kind: 'grid', gap: 3 }, canvas, layers);
      expect(new Set(panes.map(({ rect }) => `${rect.width} ${rect.height}`)).size).toBe(1);
      const shown = panes.map(({ passes }) =>
        passes.map((pass) => (pass.kind === 'layer' ? pass.layer : -1)),
      );
      expect(shown).toEqual(Array.from({ length: layers }, (_, index) => [index]));
    }
  });

  test('a grid is wide where the canvas is wide and high where it is high', () => {
    expect(gridShape(2, { width: 1600, height: 900 })).toEqual({ columns: 2, rows: 1 });
    expect(gridShape(2, { width: 500, height: 900 })).toEqual({ columns: 1, rows: 2 });
    expect(gridShape(4, { width: 1600, height: 900 })).toEqual({ columns: 2, rows: 2 });
    expect(gridShape(9, { width: 1600, height: 900 })).toEqual({ columns: 3, rows: 3 });
  });
});

describe('cameras of several panes', () => {
  const panes = arrange({ kind: 'grid', gap: 4 }, canvas, 4);
  const four = camerasFor(4, [camera]);

  test('linked, the same pixel of the photo lies at the same place of every pane, however one is moved', () => {
    const { rect } = panes[2]!;
    const zoomed = moveCamera(four, 2, zoomAt(four[2]!, rect, { x: 77, y: 200 }, 9), 'together');
    const moved = moveCamera(zoomed, 1, panBy(zoomed[1]!, -31, 12), 'together');
    for (const place of [
      { x: 0, y: 0 },
      { x: 101, y: 333 },
    ]) {
      const points = panes.map((pane, index) => {
        const at = { x: pane.rect.x + place.x, y: pane.rect.y + place.y };
        return sourceIn(pane.rect, moved[index]!, at);
      });
      for (const point of points) expect(point).toEqual(points[0]);
    }
  });

  test('each by itself, moving one leaves the others', () => {
    const moved = moveCamera(four, 1, panBy(camera, 50, 0), 'each');
    expect(moved[1]).not.toEqual(camera);
    expect([moved[0], moved[2], moved[3]]).toEqual([camera, camera, camera]);
  });

  test('the cursor points at the same pixel of the photo in every linked pane', () => {
    const at = { x: 700, y: 90 };
    const own = paneAt(panes, at)!;
    const held = sourceIn(panes[own]!.rect, camera, at);
    const everywhere = cursors(panes, at, 'together');
    for (const [index, cursor] of everywhere.entries()) {
      const { rect } = panes[index]!;
      const point = sourceIn(rect, camera, { x: cursor!.x + rect.x, y: cursor!.y + rect.y });
      expect(point.x).toBeCloseTo(held.x, 9);
      expect(point.y).toBeCloseTo(held.y, 9);
    }
    const alone = cursors(panes, at, 'each');
    expect(alone.filter((cursor) => cursor !== null)).toEqual([inPane(at, panes[own]!.rect)]);
  });

  test('between panes is no pane', () => {
    const { rect } = panes[0]!;
    expect(paneAt(panes, { x: rect.width + 1, y: 5 })).toBeNull();
    expect(cursors(panes, { x: rect.width + 1, y: 5 }, 'together')).toEqual([null, null, null, null]);
  });

  test('the pixel under the cursor stays there through every switch of the layout', () => {
    const layouts: Layout[] = [
      { kind: 'single', layer: 0 },
      { kind: 'grid', gap: 2 },
      { kind: 'split', layers: [0, 1], divider: 0.5, direction: 'vertical' },
      { kind: 'difference', layers: [0, 1], gain: 2, isSigned: false },
      { kind: 'grid', gap: 40 },
      { kind: 'single', layer: 3 },
    ];
    const cursor = { x: 321, y: 456 };
    let laid = arrange(layouts[0]!, canvas, 4);
    let own = camerasFor(laid.length, [camera]);
    const held = sourceIn(laid[0]!.rect, camera, cursor);
    for (const layout of layouts) {
      const next = arrange(layout, canvas, 4);
      own = rearrange(laid, own, next, cursor);
      laid = next;
      const over = paneAt(laid, cursor)!;
      const point = sourceIn(laid[over]!.rect, own[over]!, cursor);
      expect(point.x).toBeCloseTo(held.x, 9);
      expect(point.y).toBeCloseTo(held.y, 9);
      expect(own[over]!.zoom).toBe(camera.zoom);
    }
  });
});
