import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import ShareSlider from '../../src/renderer/components/ShareSlider.vue';
import { createTexts } from '../../src/renderer/locales';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const slider = () => {
  const wrapper = mount(ShareSlider, {
    props: { label: 'Strength', says: 'How much.', value: 1 },
    global: { plugins: [createTexts()] },
  });
  return { wrapper, range: wrapper.get<HTMLInputElement>('input[type=range]') };
};
const number = (wrapper: ReturnType<typeof slider>['wrapper']): string =>
  wrapper.get<HTMLInputElement>('input[type=text]').element.value;

test('while the hand moves the number follows, and only what it rests on is told', async () => {
  const { wrapper, range } = slider();
  for (const value of ['0.8', '0.6', '0.3']) {
    await range.setValue(value);
    await vi.advanceTimersByTimeAsync(60);
    expect(number(wrapper)).toBe(value);
  }
  expect(wrapper.emitted('turn')).toBeUndefined();
  await vi.advanceTimersByTimeAsync(200);
  expect(wrapper.emitted('turn')).toEqual([[0.3]]);
});

test('a double click goes back, and what was still under the hand is not told', async () => {
  const { wrapper, range } = slider();
  await range.setValue('0.5');
  await range.trigger('dblclick');
  await vi.advanceTimersByTimeAsync(200);
  expect(wrapper.emitted('turn')).toBeUndefined();
  expect(wrapper.emitted('reset')).toHaveLength(1);
});

test('a number entered is told at once, held within 0 and 1', async () => {
  const { wrapper } = slider();
  const text = wrapper.get('input[type=text]');
  await text.setValue('0.25');
  await text.trigger('keydown', { key: 'Enter' });
  await text.setValue('7');
  await text.trigger('keydown', { key: 'Enter' });
  expect(wrapper.emitted('turn')).toEqual([[0.25], [1]]);
});
