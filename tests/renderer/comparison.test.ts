import { describe, expect, test } from 'vitest';
import { camerasFor, camerasIn, sourceIn } from '../../src/renderer/scene/cameras';
import { layOut, withOriginal, type Comparison } from '../../src/renderer/scene/comparison';
import { arrange } from '../../src/renderer/scene/panes/layout';
import { loupe } from '../../src/renderer/scene/panes/loupe';
import { area, contains, intersect, wholeOf } from '../../src/shared/geometry';

const KINDS = ['single', 'split', 'grid', 'flip', 'difference', 'loupe'] as const;
const comparison = (part: Partial<Comparison> = {}): Comparison => ({
  kind: 'split',
  split: { axis: 'vertical', at: 0.25 },
  difference: { gain: 8, signed: true },
  pair: [0, 1],
  active: 0,
  ...part,
});
const set = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

describe('what a comparison lays out', () => {
  test('of fewer than two nothing is compared, whatever the kind', () => {
    for (const kind of KINDS) {
      for (const few of [[], ['a']]) {
        expect(layOut(comparison({ kind, pair: null }), 'chosen', few, 1)).toEqual({
          layers: ['chosen'],
          layout: { kind: 'single', layer: 0 },
        });
      }
    }
  });

  test('every pass names a layer that is there, for 2 to 9 of every kind', () => {
    for (const kind of KINDS) {
      for (let count = 2; count <= 9; count += 1) {
        const { layers, layout } = layOut(
          comparison({ kind, pair: [count - 1, 0], active: count + 3 }),
          'chosen',
          set.slice(0, count),
          2,
        );
        const passes = arrange(layout, { width: 900, height: 500 }, layers.length).flatMap(
          (pane) => pane.passes,
        );
        const named = passes.flatMap((pass) => (pass.kind === 'layer' ? [pass.layer] : [...pass.layers]));
        expect(named.every((place) => layers[place] !== undefined)).toBe(true);
      }
    }
  });

  test('a split and a difference show the pair alone, in its order', () => {
    for (const kind of ['split', 'difference'] as const) {
      expect(layOut(comparison({ kind, pair: [3, 1] }), 'chosen', set, 1).layers).toEqual(['d', 'b']);
    }
  });

  test('flipping changes the layer in front and nothing else', () => {
    const first = layOut(comparison({ kind: 'flip', active: 0 }), 'chosen', set, 1);
    const third = layOut(comparison({ kind: 'flip', active: 2 }), 'chosen', set, 1);
    expect(third.layers).toEqual(first.layers);
    expect([first.layout, third.layout]).toEqual([
      { kind: 'single', layer: 0 },
      { kind: 'single', layer: 2 },
    ]);
  });

  test('the original, while a key is held, stands everywhere, and what was there stays wanted behind it', () => {
    for (const kind of KINDS) {
      const shown = layOut(comparison({ kind }), 'chosen', set, 1);
      const held = withOriginal(shown, 'original');
      const count = shown.layers.length;
      expect(held.layers.slice(0, count).every((one) => one === 'original')).toBe(true);
      expect(held.layers.slice(count)).toEqual(shown.layers);
      if (kind === 'difference') expect(held.layout).toEqual({ kind: 'single', layer: 0 });
      else expect(held.layout).toBe(shown.layout);
    }
  });
});

describe('the loupe', () => {
  const canvas = { width: 800, height: 600 };
  const options = { layer: 1, side: 160, gap: 1, distance: 20, margin: 8 };

  test('lies off the edges of the canvas wherever the cursor is, no picture over another', () => {
    const inside = { x: 8, y: 8, width: 784, height: 584 };
    for (let layers = 2; layers <= 9; layers += 1) {
      for (const x of [0, 1, 399, 799]) {
        for (const y of [0, 300, 599]) {
          const [whole, ...pictures] = loupe.arrange(options, canvas, layers, { x, y });
          expect(whole!.rect).toEqual(wholeOf(canvas));
          expect(pictures).toHaveLength(layers);
          for (const [index, { rect }] of pictures.entries()) {
            expect(contains(inside, rect)).toBe(true);
            for (const other of pictures.slice(index + 1)) expect(area(intersect(rect, other.rect))).toBe(0);
          }
        }
      }
    }
  });

  test('leaves the point under the cursor free where there is room', () => {
    for (const cursor of [
      { x: 100, y: 100 },
      { x: 700, y: 500 },
    ]) {
      const [, ...pictures] = loupe.arrange(options, canvas, 2, cursor);
      for (const { rect } of pictures) {
        expect(area(intersect(rect, { x: cursor.x, y: cursor.y, width: 1, height: 1 }))).toBe(0);
      }
    }
  });

  test('every picture has the point under the cursor in its middle, at the zoom of the canvas', () => {
    const cursor = { x: 313, y: 217 };
    const panes = loupe.arrange(options, canvas, 5, cursor);
    const camera = { zoom: 3.7, x: 120, y: 80 };
    const under = sourceIn(panes[0]!.rect, camera, cursor);
    for (const [index, own] of camerasIn(panes, camerasFor(6, [camera]), cursor).entries()) {
      expect(own.zoom).toBe(3.7);
      if (index > 0) expect([own.x, own.y]).toEqual([under.x, under.y]);
    }
  });
});
