import { flushPromises } from '@vue/test-utils';
import { expect, test, vi } from 'vitest';
import { useDocument } from '../../src/renderer/stores/document';
import { useWorkspace } from '../../src/renderer/stores/workspace';
import { openPage } from './pageOnFakeDoor';

/** The page, the sample open unless told otherwise; `strike` presses a key where the keyboard is. */
async function open(isSampleOpen = true) {
  const page = await openPage();
  if (isSampleOpen) await page.button('Try the sample').trigger('click');
  await flushPromises();
  const strike = async (key: string): Promise<void> => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    document.activeElement!.dispatchEvent(event);
    await flushPromises();
  };
  const surface = page.wrapper.get<HTMLCanvasElement>('#view').element;
  return { ...page, strike, surface, doc: useDocument(), workspace: useWorkspace() };
}
const focused = (): Element | null => document.activeElement;

test('Escape gives the keyboard of the scale field back to the photo, and the next key is a shortcut', async () => {
  const { strike, field, surface, compare } = await open();
  await strike('s');
  expect(focused()).toBe(field('Scale factor').element);
  await strike('Escape');
  expect(focused()).toBe(surface);
  await strike('g');
  expect(compare.kind).toBe('grid');
});

test('what was typed or refused is taken back first, and the keyboard stays for another number', async () => {
  const { strike, field, surface, doc, wrapper } = await open();
  const scale = field('Scale factor');
  await strike('s');
  await scale.setValue('7');
  await strike('Escape');
  expect(focused()).toBe(scale.element);
  expect(scale.element.value).toBe('4');

  await scale.setValue('99');
  await strike('Enter');
  expect(wrapper.text()).toContain('From ×1 to ×30.');
  await strike('Escape');
  expect(focused()).toBe(scale.element);
  expect(wrapper.text()).not.toContain('From ×1');

  await strike('Escape');
  expect(focused()).toBe(surface);
  expect(doc.scale).toBe(4);
});

test('the field is innermost: a tool in the hand stays there until the next Escape', async () => {
  const { strike, field, workspace } = await open();
  await strike('r');
  await strike('s');
  await vi.waitUntil(() => focused() === field('Scale factor').element); // in another tab of the tools
  await strike('Escape');
  expect(workspace.tool).toBe('region');
  await strike('Escape');
  expect(workspace.tool).toBe('hand');
});

test('without a photo the field only loses the keyboard, and shortcuts work again', async () => {
  const { strike, field } = await open(false);
  await strike('s');
  expect(focused()).toBe(field('Scale factor').element);
  await strike('Escape');
  expect(focused()).toBe(document.body);
  await strike('?');
  expect(document.querySelector('[role=dialog]')?.textContent).toContain('Keyboard');
});

test('in a dialog Escape takes back what was typed, then closes the dialog', async () => {
  const { strike, press, surface, doc } = await open();
  doc.encode({ ...doc.encoding, format: 'jpeg' });
  await press('e');
  const dialog = () => document.querySelector('[role=dialog]');
  // A dialog's parts come when they are needed.
  const number = await vi.waitUntil(() => dialog()?.querySelector<HTMLInputElement>('input[data-entered]'));
  number.focus();
  const { value } = number;
  number.value = '12';
  number.dispatchEvent(new Event('input', { bubbles: true }));
  await strike('Escape');
  expect(number.value).toBe(value);
  expect(dialog()).not.toBeNull();
  expect(focused()).toBe(number);
  await strike('Escape');
  expect(dialog()).toBeNull();
  expect(focused()).not.toBe(surface);
});

test('in a menu Escape closes the menu, and the keyboard does not leave for the photo', async () => {
  const { strike, button, surface } = await open();
  const settings = button('Settings');
  settings.element.focus();
  await settings.trigger('click');
  await flushPromises();
  const number = document.querySelector<HTMLInputElement>('.menu input[data-entered]')!;
  number.focus();
  await strike('Escape');
  expect(document.querySelector('.menu')).toBeNull();
  expect(focused()).not.toBe(surface);
});
