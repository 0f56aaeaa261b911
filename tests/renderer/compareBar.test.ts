import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, expect, test } from 'vitest';
import App from '../../src/renderer/App.vue';
import { ENGINE } from '../../src/renderer/engine/connect';
import { createTexts } from '../../src/renderer/locales';
import { useCompare } from '../../src/renderer/stores/compare';
import { FakeDoor } from './fakeDoor';

let app: VueWrapper | undefined;
afterEach(() => {
  app?.unmount();
  app = undefined;
});

async function open() {
  const pinia = createPinia();
  app = mount(App, {
    attachTo: document.body,
    global: { plugins: [pinia, createTexts()], provide: { [ENGINE as symbol]: new FakeDoor().client } },
  });
  await flushPromises();
  const wrapper = app;
  await wrapper
    .findAll('button')
    .find((one) => one.text() === 'Try the sample')!
    .trigger('click');
  await flushPromises();
  const key = async (
    type: 'keydown' | 'keyup',
    name: string,
    part: KeyboardEventInit = {},
  ): Promise<void> => {
    window.dispatchEvent(new KeyboardEvent(type, { key: name, cancelable: true, ...part }));
    await flushPromises();
  };
  const chips = (): string[] => wrapper.findAll('.chip .name').map((chip) => chip.text());
  return { wrapper, key, chips, compare: useCompare(pinia) };
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
