import { flushPromises } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { useDocument } from '../../src/renderer/stores/document';
import { usePhotos } from '../../src/renderer/stores/photos';
import { FakeDoor, photoInfo } from './fakeDoor';
import { openApp } from './openApp';

/** The page with a photo of this size open, and its menu of usual sizes. */
async function open(width: number, height: number, language: 'en' | 'ko' = 'en') {
  const { app, pinia } = await openApp(
    new FakeDoor({
      'settings:read': () => ({ language, scale: 4 }),
      openFile: () => ({ ok: true, value: photoInfo({ width, height }) }),
    }),
  );
  await usePhotos(pinia).openFiles([new File(['x'], 'chart.png')]);
  await flushPromises();
  const doc = useDocument(pinia);
  const menu = app.get<HTMLSelectElement>('.scale select');
  const options = () =>
    [...menu.element.options]
      .slice(1)
      .map(({ text, disabled }) => (disabled ? `(${text.trim()})` : text.trim()));
  const refused = () => app.get('.scale .problem').text();
  return { doc, menu, options, refused };
}

test('a usual size that is smaller than the photo cannot be chosen, and says so', async () => {
  const { options } = await open(2040, 1360);
  expect(options()).toEqual([
    '(10 × 15 cm: smaller than the photo)',
    '13 × 18 cm',
    'A4',
    'A3',
    '(Full HD, 1920: smaller than the photo)',
    '4K, 3840',
    '8K, 7680',
    'Twice as large',
  ]);
});

test('nor can one beyond the largest scale, which it names', async () => {
  const { options } = await open(16, 16);
  expect(options()).toEqual([
    '(10 × 15 cm: beyond ×30)',
    '(13 × 18 cm: beyond ×30)',
    '(A4: beyond ×30)',
    '(A3: beyond ×30)',
    '(Full HD, 1920: beyond ×30)',
    '(4K, 3840: beyond ×30)',
    '(8K, 7680: beyond ×30)',
    'Twice as large',
  ]);
});

test('both reasons are said in Korean', async () => {
  const small = await open(16, 16, 'ko');
  expect(small.options()).toContain('(A4: ×30 초과)');
  const large = await open(2040, 1360, 'ko');
  expect(large.options()).toContain('(Full HD, 1920: 사진보다 작음)');
});

test('what a size on paper comes to follows the density', async () => {
  const { doc, options } = await open(2040, 1360);
  doc.setDpi(600);
  await flushPromises();
  expect(options()).toContain('10 × 15 cm');
  doc.setDpi(72);
  await flushPromises();
  expect(options()).toContain('(A3: smaller than the photo)');
});

test('one within reach, the ends included, gives exactly the size that was picked', async () => {
  const { doc, menu } = await open(1920, 256);
  await menu.setValue('fullHd');
  expect(doc.size).toMatchObject({ width: 1920, height: 256 });
  expect(doc.undoStep).toMatchObject({ key: 'sizeChosen', values: { size: '1920 px' } });
  await menu.setValue('a4');
  expect(doc.size).toMatchObject({ width: 3508 });
  expect(menu.element.value).toBe('');

  const small = await open(256, 256);
  await small.menu.setValue('uhd8k');
  expect(small.doc.scale).toBe(30);
  expect(small.doc.size).toMatchObject({ width: 7680, height: 7680 });
});

test('one that has gone out of reach while the menu was open is refused in the same words, and nothing is recorded', async () => {
  const { doc, menu, refused } = await open(2040, 1360);
  doc.setDpi(150);
  const { scale, undoStep } = doc;
  // The menu on screen still offers it: the page has not drawn the new density yet.
  menu.element.value = 'photo13x18';
  expect(menu.element.selectedOptions[0]!.disabled).toBe(false);
  await menu.trigger('change');
  await flushPromises();
  expect(doc.scale).toBe(scale);
  expect(doc.undoStep).toEqual(undoStep);
  expect(menu.element.value).toBe('');
  expect(refused()).toBe('13 × 18 cm: smaller than the photo');

  await menu.setValue('x2');
  expect(doc.scale).toBe(2);
  expect(refused()).toBe('');
});
