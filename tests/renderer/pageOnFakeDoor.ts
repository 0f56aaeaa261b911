import { flushPromises } from '@vue/test-utils';
import { useCompare } from '../../src/renderer/stores/compare';
import { useJobs } from '../../src/renderer/stores/jobs';
import { useView } from '../../src/renderer/stores/view';
import { FakeDoor } from './fakeDoor';
import { openApp } from './openApp';

/** The whole page on a door in memory; happy-dom has no WebGL, which the view says. */
export async function openPage(door = new FakeDoor()) {
  const { app: wrapper, pinia } = await openApp(door);
  const button = (text: string) => {
    const found = wrapper
      .findAll('button')
      .find((one) => one.text() === text || one.attributes('aria-label') === text);
    if (!found) throw new Error(`there is no button “${text}”`);
    return found;
  };
  const field = (label: string) => wrapper.get<HTMLInputElement>(`input[aria-label="${label}"]`);
  const enter = async (label: string, text: string): Promise<void> => {
    await field(label).setValue(text);
    await field(label).trigger('keydown', { key: 'Enter' });
    await flushPromises();
  };
  const press = async (key: string, part: KeyboardEventInit = {}): Promise<void> => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...part }));
    await flushPromises();
  };
  return {
    door,
    wrapper,
    button,
    field,
    enter,
    press,
    view: useView(pinia),
    compare: useCompare(pinia),
    jobs: useJobs(pinia),
  };
}
