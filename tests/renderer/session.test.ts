import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import App from '../../src/renderer/App.vue';
import { EMPTY, type EditorDocument } from '../../src/renderer/document/document';
import { openPhoto } from '../../src/renderer/document/photos';
import { setMethod } from '../../src/renderer/document/settings';
import { fromSnapshot, toSnapshot } from '../../src/renderer/document/snapshot';
import { ENGINE } from '../../src/renderer/engine/connect';
import { createTexts } from '../../src/renderer/locales';
import { useDocument } from '../../src/renderer/stores/document';
import { usePhotos } from '../../src/renderer/stores/photos';
import type { Fault } from '../../src/shared/faults';
import { FakeDoor, photoInfo, Refusal } from './fakeDoor';

let app: VueWrapper | undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  app?.unmount();
  app = undefined;
  vi.useRealTimers();
});

const SETTINGS = {
  method: { id: 'bicubic' },
  target: { by: 'scale', scale: 4 },
  turned: {},
  dpi: null,
} as const;
const MOVED: Fault = { code: 'photo-moved', message: 'Expected b.png where it was opened.', file: 'b.png' };

/** Two photos, the second shown, with a method of its own. */
const earlier = (): EditorDocument =>
  [
    openPhoto(photoInfo({ photo: 'photo-a', name: 'a.png' }), SETTINGS),
    openPhoto(photoInfo({ photo: 'photo-b', name: 'b.png' }), SETTINGS),
    setMethod(['photo-b'], 'fsrcnn'),
  ].reduce((document, command) => command.run(document), EMPTY);

async function open(answers: FakeDoor['answers'] = {}) {
  const door = new FakeDoor(answers);
  const pinia = createPinia();
  app = mount(App, {
    attachTo: document.body,
    global: { plugins: [pinia, createTexts()], provide: { [ENGINE as symbol]: door.client } },
  });
  await flushPromises();
  const wrapper = app;
  const button = (text: string) => wrapper.findAll('button').find((one) => one.text() === text)!;
  return { door, wrapper, button, doc: useDocument(pinia), photos: usePhotos(pinia) };
}

const kept = (document: EditorDocument): FakeDoor['answers'] => ({
  'session:read': () => ({ snapshot: JSON.parse(JSON.stringify(toSnapshot(document))) as unknown }),
});
const byName = ({ photo }: { photo: string }) => photoInfo({ photo, name: `${photo.at(-1)}.png` });

describe('a session', () => {
  test('comes back: photos by their tokens, settings, what was shown; nothing to undo', async () => {
    const { door, doc, wrapper } = await open({ ...kept(earlier()), 'photo:reopen': byName });
    // The one in the view first.
    expect(door.paramsOf('photo:reopen')).toEqual([{ photo: 'photo-b' }, { photo: 'photo-a' }]);
    expect(doc.present).toEqual(earlier());
    expect(doc.methodId).toBe('fsrcnn');
    expect(wrapper.get('.view').attributes('data-photo')).toBe('photo-b');
    expect(doc.undoStep).toBeNull();
  });

  test('a photo that was moved keeps its place and says so; retry and remove', async () => {
    let isThere = false;
    const { doc, wrapper, button, photos } = await open({
      ...kept(earlier()),
      'photo:reopen': ({ photo }: { photo: string }) => {
        if (photo === 'photo-b' && !isThere) throw new Refusal(MOVED);
        return byName({ photo });
      },
    });
    expect(doc.photos.map(({ name }) => name)).toEqual(['a.png', 'b.png']);
    expect(wrapper.get('.missing').text()).toContain(MOVED.message);
    expect(wrapper.get('nav .trouble').html()).toContain('b.png cannot be read just now');
    expect(photos.readable).toBeNull();
    isThere = true;
    await button('Try again').trigger('click');
    await flushPromises();
    expect(wrapper.find('.missing').exists()).toBe(false);
    expect(doc.methodId).toBe('fsrcnn');
    expect(photos.readable?.photo).toBe('photo-b');
  });

  test('a file of its name but of another size does not take that place, and says why', async () => {
    const { doc, door, wrapper, photos } = await open({
      ...kept(earlier()),
      'photo:reopen': ({ photo }: { photo: string }) => {
        if (photo === 'photo-b') throw new Refusal(MOVED);
        return byName({ photo });
      },
    });
    door.answers['openFile'] = () => ({
      ok: true,
      value: photoInfo({ photo: 'photo-c', name: 'b.png', width: 10, height: 10 }),
    });
    await photos.openFiles([new File(['b'], 'b.png')]);
    await flushPromises();
    expect(doc.photos.map(({ photo }) => photo)).toEqual(['photo-a', 'photo-b', 'photo-c']);
    expect(wrapper.get('.lane').text()).toContain(
      'This b.png is another picture than the one that is missed',
    );
  });

  test('is written down once it rests, and at once when the page goes', async () => {
    const { door, doc } = await open({ ...kept(earlier()), 'photo:reopen': byName });
    const writes = () => door.paramsOf<{ snapshot: unknown }>('session:write');
    await vi.advanceTimersByTimeAsync(3000);
    expect(writes()).toEqual([]);
    doc.setScale(2);
    doc.setScale(3);
    await flushPromises();
    expect(writes()).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(writes()).toHaveLength(1);
    expect(fromSnapshot(writes()[0]!.snapshot)).toEqual({ ok: true, document: doc.present });
    doc.show('photo-a');
    window.dispatchEvent(new Event('pagehide'));
    expect(writes()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(3000);
    expect(writes()).toHaveLength(2);
  });

  test.each([
    [{ format: 'enlarger-document', version: 99, document: {} }, 'newer Enlarger'],
    [{ half: 'a file' }, 'could not be read'],
  ])('that cannot be read is said, begins empty and is not overwritten unasked', async (snapshot, words) => {
    const { door, doc, wrapper } = await open({ 'session:read': () => ({ snapshot }) });
    expect(doc.photos).toEqual([]);
    expect(wrapper.text()).toContain(words);
    window.dispatchEvent(new Event('pagehide'));
    await vi.advanceTimersByTimeAsync(3000);
    expect(door.paramsOf('session:write')).toEqual([]);
  });

  test('that cannot be written down is said once', async () => {
    const fault: Fault = { code: 'output-unwritable', message: 'Expected room on the disk.' };
    const { doc, wrapper } = await open({
      ...kept(earlier()),
      'photo:reopen': byName,
      'session:write': () => {
        throw new Refusal(fault);
      },
    });
    for (const scale of [2, 3, 5]) {
      doc.setScale(scale);
      await vi.advanceTimersByTimeAsync(3000);
    }
    expect(wrapper.text().split('cannot be remembered for the next start')).toHaveLength(2);
  });

  test('a document can be handed to any door: it holds no proxies', async () => {
    const { doc, photos } = await open({
      'settings:read': () => ({ turned: { bicubic: { consistent: true } } }),
    });
    await photos.openFiles([new File(['x'], 'a.png')]);
    expect(() => structuredClone(toSnapshot(doc.present))).not.toThrow();
  });
});

describe('an engine that died', () => {
  test('leaves everything in place; photos that it no longer can read are marked', async () => {
    const { door, doc, wrapper } = await open({ ...kept(earlier()), 'photo:reopen': byName });
    const fault: Fault = { code: 'engine-lost', message: 'The engine stopped unexpectedly.' };
    door.say({ event: { event: 'engine:lost', fault } });
    await flushPromises();
    expect(doc.present).toEqual(earlier());
    expect(wrapper.get('.view').attributes('data-photo')).toBe('photo-b');
    door.say({ event: { event: 'engine:restored', failed: [{ photo: 'photo-b', fault: MOVED }] } });
    await flushPromises();
    expect(doc.present).toEqual(earlier());
    expect(wrapper.get('.missing').text()).toContain(MOVED.message);
    expect(door.paramsOf('photo:reopen')).toHaveLength(2);
  });
});

test('while a photo comes back its place says so', async () => {
  const { door, wrapper, photos, doc } = await open({ ...kept(earlier()), 'photo:reopen': byName });
  expect(wrapper.find('.returning').exists()).toBe(false);
  doc.close('photo-b');
  await flushPromises();
  doc.undo();
  await nextTick();
  expect(door.paramsOf('photo:reopen')).toHaveLength(3);
  expect(photos.readable).toBeNull();
  expect(wrapper.get('.returning').text()).toBe('Opening b.png');
  await flushPromises();
  expect(wrapper.find('.returning').exists()).toBe(false);
});

test('a photo that was closed is closed at the engine, and undo opens it again under its token', async () => {
  const { door, doc } = await open({ ...kept(earlier()), 'photo:reopen': byName });
  doc.close('photo-b');
  await flushPromises();
  expect(door.paramsOf('photo:close')).toEqual([{ photo: 'photo-b' }]);
  doc.undo();
  await flushPromises();
  expect(door.paramsOf('photo:reopen').slice(2)).toEqual([{ photo: 'photo-b' }]);
  expect(doc.present).toEqual(earlier());
  expect(door.paramsOf('photo:close')).toHaveLength(1);
});

test('a door that was started anew gets a dropped photo again, in its place, whatever is undone', async () => {
  let next = 0;
  const unknown: Fault = { code: 'unknown-photo', message: 'Expected a photo of this page.' };
  const { door, doc, photos } = await open({
    openFile: (file: File) => ({
      ok: true,
      value: photoInfo({ photo: `photo-${(next += 1)}`, name: file.name }),
    }),
    'photo:reopen': () => {
      throw new Refusal(unknown);
    },
  });
  await photos.openFiles([new File(['x'], 'a.png'), new File(['x'], 'b.png')]);
  doc.setScale(2);
  door.state('lost');
  door.state('open');
  await flushPromises();
  expect(doc.photos.map(({ photo }) => photo)).toEqual(['photo-3', 'photo-4']);
  expect(doc.scale).toBe(2);
  doc.undo();
  await flushPromises();
  expect(doc.photos.map(({ photo }) => photo)).toEqual(['photo-3', 'photo-4']);
  expect(doc.scale).toBe(4);
});

describe('pages of a file', () => {
  const page = (n: number) =>
    photoInfo({ photo: `photo-${n}`, name: 'scan.tif', format: 'tiff', page: n, pages: 3 });
  const scan = new File(['pages'], 'scan.tif');
  const answers: FakeDoor['answers'] = {
    openFile: () => ({ ok: true, value: page(1) }),
    'photo:page': ({ page: n }: { page: number }) => page(n),
  };
  const say = (wrapper: VueWrapper, label: string) => wrapper.get(`[aria-label="${label}"]`);

  test('are turned beside the name; each is a photo of its own, and one step', async () => {
    const { door, doc, wrapper, photos } = await open(answers);
    await photos.openFiles([scan]);
    await flushPromises();
    expect((say(wrapper, 'Page of the file').element as HTMLInputElement).value).toBe('1');
    await say(wrapper, 'The next page, as a photo of its own').trigger('click');
    await flushPromises();
    expect(door.paramsOf('photo:page')).toEqual([{ photo: 'photo-1', page: 2 }]);
    expect(doc.photo).toMatchObject({ photo: 'photo-2', page: 2 });
    expect(wrapper.get('h1').text()).toBe('scan.tif (2)');
    expect(doc.undoStep).toEqual({ key: 'photosOpened', values: { n: 1, name: 'scan.tif (2)' } });
    // One that is open is shown again: no step.
    await say(wrapper, 'The page before, as a photo of its own').trigger('click');
    await flushPromises();
    expect(doc.photo?.photo).toBe('photo-1');
    expect(doc.photos).toHaveLength(2);
  });

  test('of a document that waits for its file come from the file that is given', async () => {
    const waiting = openPhoto(page(2), SETTINGS).run(EMPTY);
    const lost: Fault = { code: 'unknown-photo', message: 'Expected a photo of this page.' };
    const { door, doc, photos } = await open({
      ...kept(waiting),
      ...answers,
      'photo:reopen': () => {
        throw new Refusal(lost);
      },
      'photo:page': ({ page: n }: { page: number }) => ({ ...page(n), photo: 'photo-new' }),
    });
    expect(photos.troubles.size).toBe(1);
    await photos.openFiles([scan]);
    await flushPromises();
    expect(doc.photos).toMatchObject([{ photo: 'photo-new', page: 2 }]);
    expect(photos.troubles.size).toBe(0);
    expect(door.paramsOf('photo:close')).toEqual([{ photo: 'photo-1' }]);
  });

  test('of camera raw: what is developed, or the JPEG of the camera', async () => {
    const raw = photoInfo({ photo: 'photo-1', name: 'a.dng', format: 'raw', embedded: true });
    const { door, wrapper, photos } = await open({
      openFile: () => ({ ok: true, value: raw }),
      'photo:page': () => ({ ...raw, photo: 'photo-2', page: 'embedded' }),
    });
    await photos.openFiles([scan]);
    await flushPromises();
    const choice = say(wrapper, 'Which picture of the camera raw file');
    await choice.findAll('input')[1]!.setValue(true);
    await flushPromises();
    expect(door.paramsOf('photo:page')).toEqual([{ photo: 'photo-1', page: 'embedded' }]);
    expect(wrapper.get('h1').text()).toBe('a.dng (JPEG)');
  });
});
