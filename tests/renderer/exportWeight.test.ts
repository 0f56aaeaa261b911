import { flushPromises } from '@vue/test-utils';
import { expect, onTestFinished, test, vi } from 'vitest';
import ExportDialog from '../../src/renderer/panels/export/ExportDialog.vue';
import type { Params } from '../../src/shared/contract';
import type { Fault } from '../../src/shared/faults';
import { FakeDoor, Refusal } from './fakeDoor';
import { mountPart } from './mountPart';

/** Longer than changes rest before they are tried. */
const REST_MS = 200;
const DAMAGED: Fault = { code: 'unreadable-image', message: 'Expected a whole JPEG, found its first half.' };

/** A piece as the engine gives it, of no colour. */
const tried = ({ piece }: Params<'export:try'>) => {
  const pixels = btoa('\0'.repeat(piece.width * piece.height * 4));
  return { before: pixels, after: pixels, pixelBytes: 400_000, otherBytes: 600 };
};

/** Without layout no element has a size; here each has a small one. */
class SizedObserver {
  constructor(private readonly tell: (entries: readonly object[]) => void) {}
  observe(): void {
    this.tell([{ contentRect: { width: 64, height: 64 } }]);
  }
  disconnect(): void {
    // Nothing is told but once.
  }
}

/** The dialog of one photo, with a pane that has a size; what is to be weighed waits for `weigh`. */
async function openDialog(answers: ConstructorParameters<typeof FakeDoor>[0] = {}, names = ['chart.png']) {
  vi.stubGlobal('ResizeObserver', SizedObserver);
  const door = new FakeDoor({ 'export:try': tried, 'export:stopTrying': () => null, ...answers });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const { doc, photos } = await mountPart(door, [ExportDialog], names, { open: true });
  if (names.length > 1) doc.choose(doc.photos.map(({ photo }) => photo));
  const rest = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done, REST_MS));
    await flushPromises();
  };
  await rest();
  const asked = () => door.asked.filter(({ call }) => call === 'export:weigh');
  return {
    door,
    doc,
    photos,
    rest,
    asked,
    weight: () => document.querySelector('.facts .weight')!.textContent.trim(),
    submit: () => document.querySelector<HTMLElement>('.form button[type=submit]')!,
    /** Answers what was asked last. */
    weigh: async (bytes: number): Promise<void> => {
      const { id } = asked().at(-1)!;
      door.say({ id, result: { ok: true, value: { pixelBytes: [bytes] } } });
      await flushPromises();
    },
  };
}

test('a file has no size before all of its places were weighed, only how far that is', async () => {
  const { asked, weigh, weight } = await openDialog();
  const said = [weight()];
  for (const bytes of [90_000, 10_000, 10_000, 10_000]) {
    await weigh(bytes);
    said.push(weight());
  }
  expect(said).toEqual([
    'being weighed…',
    'being weighed, 1 of 5 places',
    'being weighed, 2 of 5 places',
    'being weighed, 3 of 5 places',
    'being weighed, 4 of 5 places',
  ]);
  await weigh(10_000);
  expect(asked()).toHaveLength(5);
  expect(weight()).toMatch(/^about .* from 5 places, [\d.]+ % of it encoded$/);
});

test('a batch has no size before its files were weighed, and keeps it while another of them is looked at', async () => {
  const { weigh, weight } = await openDialog({}, ['chart.png', 'b.png']);
  for (let place = 0; place < 5; place += 1) await weigh(10_000);
  expect(weight()).toBe('being weighed…');
  await weigh(90_000);
  expect(weight()).toBe('being weighed, 1 of 2 files');
  await weigh(10_000);
  expect(weight()).toMatch(/^about .* from a piece of 2 of 2 files$/);
  document.querySelector<HTMLElement>('[aria-label="The next file"]')!.click();
  await flushPromises();
  expect(weight()).toMatch(/^about /);
});

test('a photo that turns out to be damaged is not weighed for good, and cannot be exported', async () => {
  let isDamaged = true;
  const { door, rest, submit, weight } = await openDialog({
    'export:try': (asked: Params<'export:try'>) => {
      if (isDamaged) throw new Refusal(DAMAGED);
      return tried(asked);
    },
  });
  expect(weight()).toBe('cannot be weighed');
  expect(submit().getAttribute('aria-disabled')).toBe('true');
  expect(submit().title).toBe(DAMAGED.message);
  expect(document.querySelector('#export-word')!.textContent).toContain(DAMAGED.message);
  document.querySelector('.form')!.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
  expect(door.paramsOf('door:export')).toEqual([]);

  // What helps is tried again, and then it can.
  isDamaged = false;
  document.querySelector<HTMLElement>('.trial .view-word button')!.click();
  await rest();
  expect(weight()).toBe('being weighed…');
  expect(submit().getAttribute('aria-disabled')).toBe('false');
});

test('what may pass, as an engine that was lost, is told at the weight and leaves the export', async () => {
  const { submit, weight } = await openDialog({
    'export:try': () => {
      throw new Refusal({ code: 'engine-lost', message: 'The engine ended.' });
    },
  });
  expect(weight()).toBe('cannot be weighed');
  expect(submit().getAttribute('aria-disabled')).toBe('false');
});

test('a photo that is known to be away says so in the place of its export; a batch with another is made', async () => {
  const away = { code: 'photo-moved', message: 'Expected chart.png where it was, found nothing.' } as const;
  const { door, doc, photos, submit } = await openDialog({}, ['chart.png', 'b.png']);
  door.say({ event: { event: 'engine:restored', failed: [{ photo: 'photo-1', fault: away }] } });
  await flushPromises();
  expect(photos.canRead('photo-1')).toBe(false);
  expect(submit().getAttribute('aria-disabled')).toBe('false');
  doc.choose(['photo-1']);
  await flushPromises();
  expect(submit().getAttribute('aria-disabled')).toBe('true');
  expect(submit().title).toBe(away.message);
});
