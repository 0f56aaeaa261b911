import { flushPromises } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { useCompare } from '../../src/renderer/stores/compare';
import { useDocument } from '../../src/renderer/stores/document';
import { useView } from '../../src/renderer/stores/view';
import { FakeDoor, methodCard } from './fakeDoor';
import { openSample } from './openApp';

async function open(door?: FakeDoor) {
  const { app: wrapper, pinia } = await openSample(door);
  const key = async (
    type: 'keydown' | 'keyup',
    name: string,
    part: KeyboardEventInit = {},
  ): Promise<void> => {
    window.dispatchEvent(new KeyboardEvent(type, { key: name, cancelable: true, ...part }));
    await flushPromises();
  };
  const chips = (): string[] => wrapper.findAll('.chip .name').map((chip) => chip.text());
  return { wrapper, key, chips, pinia, compare: useCompare(pinia) };
}

test('choosing a way to compare lays the original and the method into the tray, in one step', async () => {
  const { wrapper, key, chips } = await open();
  await key('keydown', 'v');
  expect(chips()[0]).toBe('Original');
  expect(chips()).toHaveLength(2);
  expect(wrapper.get('[role=slider][aria-label=Divider]').attributes('aria-valuenow')).toBe('50');
  await key('keydown', 'z', { ctrlKey: true });
  expect(chips()).toEqual([]);
  expect(wrapper.find('[role=slider][aria-label=Divider]').exists()).toBe(false);
});

test('number keys bring one to the front or to a side, and O shows the original only while it is held', async () => {
  const { key, compare } = await open();
  await key('keydown', 'x');
  await key('keydown', '2', { code: 'Digit2' });
  expect(compare.active).toBe(1);
  await key('keydown', 'v');
  expect(compare.pair).toEqual([0, 1]);
  await key('keydown', '@', { code: 'Digit2', shiftKey: true });
  expect(compare.pair).toEqual([1, 0]);

  const shown = compare.arrangement!.layers.map(({ method }) => method.id);
  await key('keydown', 'o', { code: 'KeyO' });
  expect(compare.arrangement!.layers.slice(0, 2).map(({ method }) => method.id)).toEqual([
    'nearest',
    'nearest',
  ]);
  await key('keyup', 'o', { code: 'KeyO' });
  expect(compare.arrangement!.layers.map(({ method }) => method.id)).toEqual(shown);
});

test('a setting that is on is named with every method that has it, whether it was turned for all or for one', async () => {
  const card = methodCard({ id: 'enlarger-fast', name: 'Enlarger Fast' });
  const { key, chips, pinia } = await open(new FakeDoor({ 'methods:list': () => [card] }));
  await key('keydown', 'v');
  expect(chips()).toEqual(['Original', 'Enlarger Fast']);
  useDocument(pinia).turn({ consistent: true });
  await flushPromises();
  expect(chips()).toEqual(['Original', 'Enlarger Fast, Consistent']);
});

test('a difference of the reduced photo says why it is black, and leads to where it is none', async () => {
  const { wrapper, key, pinia } = await open();
  const view = useView(pinia);
  let zoomedTo = 0;
  view.commands = { ...view.commands!, zoomTo: (zoom: number) => (zoomedTo = zoom) };
  view.camera = { x: 5, y: 5, zoom: 0.5 };
  await key('keydown', 'd');
  expect(wrapper.get('.nothing').text()).toContain('At 50 % both show the reduced photo');
  await wrapper.get('.nothing button').trigger('click');
  expect(zoomedTo).toBe(useDocument(pinia).scale);
  view.camera = { x: 5, y: 5, zoom: 2 };
  await flushPromises();
  expect(wrapper.find('.nothing').exists()).toBe(false);
});
