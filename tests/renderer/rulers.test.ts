import { flushPromises } from '@vue/test-utils';
import { describe, expect, test } from 'vitest';
import { sourceIn } from '../../src/renderer/scene/cameras';
import { arrange } from '../../src/renderer/scene/panes/layout';
import { isRuled, RULED_SIDE, rulerOf } from '../../src/renderer/scene/rulers';
import { useCompare } from '../../src/renderer/stores/compare';
import { useView } from '../../src/renderer/stores/view';
import { openSample } from './openApp';

const photo = { width: 640, height: 480 };
const camera = { zoom: 24, x: 239, y: 101 };

describe('the rulers of panes', () => {
  test('in every pane of a grid a number stands at the pixel that the status bar tells there', () => {
    for (const pixelRatio of [1, 2]) {
      for (let layers = 1; layers <= 9; layers += 1) {
        const panes = arrange({ kind: 'grid', gap: 2 }, { width: 1601, height: 999 }, layers);
        for (const { rect } of panes) {
          const { box, across, down } = rulerOf(rect, camera, photo, pixelRatio);
          expect(box.x * pixelRatio).toBe(rect.x);
          for (const mark of across) {
            const x = (box.x + mark.at) * pixelRatio;
            // A device pixel to the right of the mark is the source pixel that it counts.
            const told = sourceIn(rect, camera, { x: x + 1, y: rect.y }).x;
            if (mark.source < photo.width) expect(Math.floor(told)).toBe(mark.source);
          }
          for (const mark of down) {
            const y = (box.y + mark.at) * pixelRatio;
            const told = sourceIn(rect, camera, { x: rect.x, y: y + 1 }).y;
            if (mark.source < photo.height) expect(Math.floor(told)).toBe(mark.source);
          }
          expect(across.length).toBeGreaterThan(0);
        }
      }
    }
  });

  test('a ruler stands past 800 % alone, and in no pane that is too small for its numbers', () => {
    const pane = { width: 2 * RULED_SIDE, height: 2 * RULED_SIDE };
    expect(isRuled(pane, { ...camera, zoom: 8 }, 2)).toBe(false);
    expect(isRuled(pane, { ...camera, zoom: 8.1 }, 2)).toBe(true);
    expect(isRuled({ ...pane, height: pane.height - 1 }, camera, 2)).toBe(false);
  });

  test('a pane that is large enough has a number on both axes, at every zoom', () => {
    for (let zoom = 8.1; zoom <= 60; zoom += 0.1) {
      const pane = { x: 500, y: 300, width: RULED_SIDE, height: RULED_SIDE };
      const { across, down } = rulerOf(pane, { ...camera, zoom }, photo, 1);
      for (const marks of [across, down]) expect(marks.some(({ labelled }) => labelled)).toBe(true);
    }
  });
});

test('past 800 % each pane of a grid has a ruler of its own, its label clear of it', async () => {
  const { app, pinia } = await openSample();
  const view = useView(pinia);
  view.canvas = { width: 1000, height: 600, pixelRatio: 1 };
  view.camera = camera;
  await flushPromises();
  expect(app.findAll('svg.ruler')).toHaveLength(1);

  useCompare(pinia).choose('grid');
  await flushPromises();
  const rulers = app.findAll<SVGElement>('svg.ruler');
  const cells = app.findAll<HTMLElement>('.cell');
  expect(rulers).toHaveLength(2);
  expect(rulers.map((ruler) => ruler.element.style.left)).toEqual(
    cells.map((cell) => cell.element.style.left),
  );
  const numbers = rulers.map((ruler) => ruler.findAll('.across text').map((text) => text.text()));
  expect(numbers[0]!.length).toBeGreaterThan(2);
  expect(numbers[1]).toEqual(numbers[0]);
  expect(app.get<HTMLElement>('.overlay').element.style.getPropertyValue('--ruler')).toBe('16px');

  // Panes of half of it: too small for numbers, and the label has its corner again.
  view.canvas = { width: 300, height: 200, pixelRatio: 1 };
  await flushPromises();
  expect(app.findAll('svg.ruler')).toHaveLength(0);
  expect(app.get<HTMLElement>('.overlay').element.style.getPropertyValue('--ruler')).toBe('0px');
});
