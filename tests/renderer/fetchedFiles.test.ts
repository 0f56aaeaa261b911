import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchedFiles, type Finished } from '../../src/renderer/stores/fetchedFiles';
import { FakeDoor } from './fakeDoor';

const fileOf = (job: string): Finished => ({ job, name: `${job}.png` });

/** Files on a host that says nothing of what is fetched before the test does. */
function fetching() {
  const clicked: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    clicked.push(this.download);
  });
  const door = new FakeDoor({ 'door:finished': () => [fileOf('a'), { ...fileOf('z'), orderId: 'order-z' }] });
  const post = door.post.bind(door);
  const asked: number[] = [];
  door.post = (message) => {
    if (message.call === 'door:fetched') asked.push(message.id);
    else post(message);
  };
  const begun = async (): Promise<void> => {
    door.say({ id: asked.shift(), result: { ok: true, value: null } });
    await flushPromises();
  };
  const settled: string[] = [];
  const files = fetchedFiles(door.client, (ids) => settled.push(...ids));
  return { clicked, begun, files, settled };
}

describe('finished files on their way into the browser', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test('are fetched one at a time: a browser drops those of many that begin at once', async () => {
    const { clicked, begun, files } = fetching();
    const all = Promise.all(['a', 'b', 'c'].map((job) => files.fetch(fileOf(job))));
    await flushPromises();
    expect(clicked).toEqual(['a.png']);
    await begun();
    expect(clicked).toEqual(['a.png', 'b.png']);
    await begun();
    await begun();
    expect(await all).toEqual([true, true, true]);
    expect(files.unsaved.value).toEqual([]);
  });

  test('that the browser does not fetch are offered, and the others not tried before a press', async () => {
    const { clicked, begun, files } = fetching();
    const all = Promise.all(['a', 'b'].map((job) => files.fetch(fileOf(job))));
    await flushPromises();
    await vi.runOnlyPendingTimersAsync();
    expect(await all).toEqual([false, false]);
    expect(clicked).toEqual(['a.png']);
    expect(files.unsaved.value).toEqual([fileOf('a'), fileOf('b')]);
    await begun(); // it was allowed after all
    expect(files.unsaved.value).toEqual([fileOf('b')]);
    const pressed = files.fetch(fileOf('b'), true);
    await flushPromises();
    await begun();
    expect(await pressed).toBe(true);
    expect(files.unsaved.value).toEqual([]);
  });

  test('that are under way are none of those that the host still has', async () => {
    const { begun, files, settled } = fetching();
    const fetched = files.fetch(fileOf('a'));
    await flushPromises();
    await files.find();
    expect(files.unsaved.value).toMatchObject([fileOf('z')]);
    expect(settled).toEqual(['order-z']); // so that it is not offered as one that never began
    await begun();
    await fetched;
  });
});
