import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { onTestFinished } from 'vitest';
import App from '../../src/renderer/App.vue';
import { ENGINE } from '../../src/renderer/engine/connect';
import { createTexts } from '../../src/renderer/locales';
import { FakeDoor } from './fakeDoor';

/** The whole page on a door in memory, until the test ends. */
export async function openApp(door = new FakeDoor()) {
  const pinia = createPinia();
  const app = mount(App, {
    attachTo: document.body,
    global: { plugins: [pinia, createTexts()], provide: { [ENGINE as symbol]: door.client } },
  });
  onTestFinished(() => app.unmount());
  await flushPromises();
  return { app, pinia };
}

/** The same, with the sample open. */
export async function openSample(door = new FakeDoor()) {
  const opened = await openApp(door);
  const start = opened.app.findAll('button').find((one) => one.text() === 'Try the sample')!;
  await start.trigger('click');
  await flushPromises();
  return opened;
}
