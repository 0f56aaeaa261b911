import { sampleFile } from './pictures';
import { expect, test } from './test';

test('photos are chosen by Shift, Ctrl and all, and take one setting', async ({ editor }) => {
  const { page } = editor;
  const bytes = await sampleFile();
  await editor.chooseFiles(...['a', 'b', 'c', 'd'].map((name) => ({ name: `${name}.png`, bytes })));
  const strip = page.getByRole('navigation', { name: 'Photos' });
  const photo = (name: string) => strip.getByRole('button', { name: `${name}.png`, exact: true });
  const chosen = strip.locator('.thumb[aria-pressed=true] .name');
  await expect(photo('d')).toBeVisible();
  await photo('a').click();
  await photo('c').click({ modifiers: ['Shift'] });
  await expect(chosen).toHaveText(['a.png', 'b.png', 'c.png']);
  await photo('b').click({ modifiers: ['ControlOrMeta'] });
  await expect(chosen).toHaveText(['a.png', 'c.png']);
  await editor.method('Bilinear').click();
  await photo('b').click();
  await expect(editor.method('Bilinear')).toHaveAttribute('aria-checked', 'false');
  await photo('c').click();
  await expect(editor.method('Bilinear')).toHaveAttribute('aria-checked', 'true');
  await photo('d').click({ modifiers: ['Shift'] });
  // What can be done with them lies beside the photos, not over them.
  const copy = page.getByRole('button', { name: 'Copy settings to all' });
  const { x, width } = (await strip.getByRole('list').boundingBox())!;
  expect((await copy.boundingBox())!.x).toBeGreaterThanOrEqual(x + width);
  await copy.click();
  await expect(page.getByText('A photo has the settings of c.png now.')).toBeVisible();
  await photo('d').click();
  await expect(editor.method('Bilinear')).toHaveAttribute('aria-checked', 'true');
  // Undoing shows where it was done.
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('heading', { name: 'c.png' })).toBeVisible();
  await photo('d').click();
  await expect(editor.method('Bilinear')).toHaveAttribute('aria-checked', 'false');
});
