import { flushPromises } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { useCompare } from '../../src/renderer/stores/compare';
import { useRegions } from '../../src/renderer/stores/regions';
import { useDocument } from '../../src/renderer/stores/document';
import { useView } from '../../src/renderer/stores/view';
import { openSample } from './openApp';

const THREE = [
  [300, 200],
  [345, 204],
  [318, 240],
] as const;
/** Nine of them, three in a row. */
const NINE = Array.from({ length: 9 }, (_, n) => [250 + (n % 3) * 45, 150 + Math.floor(n / 3) * 45] as const);

/** Small regions beside each other, seen at Fit. */
async function open(places: readonly (readonly [number, number])[]) {
  const { app, pinia } = await openSample();
  const view = useView(pinia);
  const regions = useRegions(pinia);
  view.canvas = { width: 640, height: 480, pixelRatio: 1 };
  view.camera = { zoom: 1, x: 320, y: 240 };
  for (const [index, [x, y]] of places.entries()) {
    const region = regions.fresh({ x, y, width: 30, height: 24 }, (n) => `Region ${n}`);
    regions.draw(`draw ${index}`, region);
    useDocument(pinia).letGo();
  }
  await flushPromises();
  const tags = () =>
    app.findAll<HTMLButtonElement>('button[data-region]').map((tag) => {
      const { left, top, maxWidth } = tag.element.style;
      return {
        tag,
        name: tag.get('.name').text(),
        label: tag.attributes('aria-label')!,
        left: parseFloat(left),
        right: parseFloat(left) + parseFloat(maxWidth),
        top: parseFloat(top),
      };
    });
  return { app, pinia, regions, tags };
}

test('tags of regions near each other lie clear of each other; the chosen one has its name', async () => {
  const { tags, regions } = await open(THREE);
  for (const { id, name } of [...regions.list]) {
    regions.choose(id);
    await flushPromises();
    const all = tags();
    expect(all.find(({ tag }) => tag.classes('chosen'))?.name).toBe(name);
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) {
        const isClear = a.right <= b.left || b.right <= a.left || Math.abs(a.top - b.top) >= 22;
        expect(isClear, `${a.label} and ${b.label}`).toBe(true);
      }
    }
  }
});

test('a tag that is a chip keeps its full name for screen readers and the pointer, and the keyboard opens it', async () => {
  const { tags, regions, pinia } = await open(NINE);
  useCompare(pinia).choose('grid');
  await flushPromises();
  expect(tags()).toHaveLength(18);
  regions.choose(regions.list[4]!.id);
  await flushPromises();
  const chips = tags().filter(({ tag }) => tag.classes('chip'));
  expect(chips.length).toBeGreaterThan(0);
  const [chip] = chips;
  const { tag, name, label } = chip!;
  expect(label).toMatch(new RegExp(`^Region Region ${name}, 30 by 24 pixels`));
  expect(tag.attributes('title')).toBe(`Region ${name}`);
  await tag.trigger('focus');
  expect(tag.classes('chosen')).toBe(true);
  expect(tag.get('.name').text()).toBe(`Region ${name}`);
});
