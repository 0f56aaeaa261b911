import { flushPromises } from '@vue/test-utils';
import { describe, expect, test } from 'vitest';
import { watch } from 'vue';
import { STEP_KEYS } from '../../src/renderer/document/command';
import { en } from '../../src/renderer/locales/en';
import { useDocument } from '../../src/renderer/stores/document';
import { usePhotos } from '../../src/renderer/stores/photos';
import { useSettings } from '../../src/renderer/stores/settings';
import { FakeDoor, methodCard, photoInfo } from './fakeDoor';
import { openApp } from './openApp';

/** The page on a door in memory that gives every file its own token. */
async function open(answers: FakeDoor['answers'] = {}) {
  let next = 0;
  const door = new FakeDoor({
    openFile: (file: File) => ({
      ok: true,
      value: photoInfo({ photo: `photo-${(next += 1)}`, name: file.name }),
    }),
    'methods:list': () => [
      methodCard(),
      methodCard({ id: 'cs', name: 'CS', family: 'implicit', controls: [{ id: 'crispness', default: 0.4 }] }),
    ],
    ...answers,
  });
  const { app: wrapper, pinia } = await openApp(door);
  const press = async (key: string, part: KeyboardEventInit = {}): Promise<void> => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...part }));
    await flushPromises();
  };
  const undoTitle = (): string =>
    wrapper.get('button[title^=Undo], button[title^="Nothing to undo"]').attributes('title')!;
  const drop = async (...names: string[]): Promise<void> => {
    await usePhotos(pinia).openFiles(names.map((name) => new File(['x'], name)));
    await flushPromises();
  };
  const doc = useDocument(pinia);
  return { door, wrapper, press, drop, doc, undoTitle, settings: useSettings(pinia) };
}

const CTRL = { ctrlKey: true };

describe('undo and redo in the page', () => {
  test('by keys, with the step in the tooltip and said aloud', async () => {
    const { wrapper, press, drop, doc, undoTitle } = await open();
    expect(undoTitle()).toBe('Nothing to undo (Ctrl Z)');
    await drop('a.png');
    await wrapper.get('[data-method=cs]').trigger('click');
    doc.setScale(2);
    await flushPromises();
    expect(undoTitle()).toBe('Undo: size ×2 (Ctrl Z)');
    await press('z', CTRL);
    expect(doc.scale).toBe(4);
    expect(wrapper.get('[aria-live=polite]').text()).toBe('Undone: size ×2');
    expect(undoTitle()).toBe('Undo: method CS (Ctrl Z)');
    await press('z', CTRL);
    expect(doc.methodId).toBe('enlarger-fast');
    await press('Z', { ...CTRL, shiftKey: true });
    await press('y', CTRL);
    expect(doc.methodId).toBe('cs');
    expect(doc.scale).toBe(2);
    await press('y', CTRL);
    expect(doc.scale).toBe(2);
  });

  test('several photos that arrive together are one step', async () => {
    const { press, drop, doc, undoTitle } = await open();
    await drop('a.png', 'b.png', 'c.png');
    expect(undoTitle()).toContain('open 3 photos');
    await press('z', CTRL);
    expect(doc.photos).toEqual([]);
  });

  test('a slider that is drawn is one step, and Escape takes it back', async () => {
    const { wrapper, press, drop, doc } = await open();
    await drop('a.png');
    await wrapper.get('[data-method=cs]').trigger('click');
    doc.turn({ crispness: 0.5 }, true);
    doc.turn({ crispness: 0.9 }, true);
    await press('Escape');
    expect(doc.options.crispness).toBeUndefined();
    expect(doc.undoStep!.key).toBe('methodChosen');
    doc.turn({ crispness: 0.5 }, true);
    doc.turn({ crispness: 0.8 }, true);
    doc.letGo();
    expect(doc.options.crispness).toBe(0.8);
    await press('z', CTRL);
    expect(doc.options.crispness).toBeUndefined();
  });

  test('every step has its words', () => {
    expect(Object.keys(en.history.step).sort()).toEqual([...STEP_KEYS].sort());
  });
});

test('of eight photos that are dropped together the first is shown, and nothing flips past it', async () => {
  const { drop, doc } = await open();
  const shown = new Set<string>();
  watch(
    () => doc.photo?.name,
    (name) => name !== undefined && shown.add(name),
    { flush: 'sync' },
  );
  const names = Array.from({ length: 8 }, (_, i) => `p${i}.png`);
  await drop(...names);
  expect(doc.photos.map(({ name }) => name)).toEqual(names);
  expect([...shown]).toEqual(['p0.png']);
});

describe('settings of each photo', () => {
  test('a choice changes the shown and the chosen photos, and is what the next photo starts with', async () => {
    const { drop, doc, settings } = await open();
    await drop('a.png', 'b.png', 'c.png');
    const [a, b, c] = doc.photos.map(({ photo }) => photo) as [string, string, string];
    expect(doc.photo?.photo).toBe(a);
    doc.show(c);
    doc.setMethod('bicubic');
    const methods = () => doc.present.photos.map(({ settings }) => settings.method.id);
    expect(methods()).toEqual(['enlarger-fast', 'enlarger-fast', 'bicubic']);
    doc.choose([a, c]);
    doc.setMethod('cs');
    expect(methods()).toEqual(['cs', 'enlarger-fast', 'cs']);
    doc.show(b);
    expect(doc.methodId).toBe('enlarger-fast');
    expect(settings.settings.method).toBe('cs');
    await drop('d.png');
    expect(doc.methodId).toBe('cs');
  });

  test('defaults never reach back into open photos', async () => {
    const { drop, doc, settings } = await open();
    await drop('a.png');
    settings.change({ method: 'bicubic', scale: 8 });
    expect(doc.methodId).toBe('enlarger-fast');
    expect(doc.scale).toBe(4);
  });
});
