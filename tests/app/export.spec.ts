import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { paint } from './pictures';
import { expect, test } from './test';

test('an export downloads a file of exactly the size that was asked for', async ({ editor }) => {
  await editor.openSample();
  await editor.method('Bicubic').click();
  await editor.field('Width in pixels').fill('1601');
  await editor.field('Width in pixels').press('Enter');
  await expect(editor.field('Height in pixels')).toHaveValue('1201');
  await editor.button('Export').click();
  const dialog = editor.page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toContainText('1601 × 1201');
  await dialog.getByText('JPEG', { exact: true }).click();
  await expect(dialog.getByLabel('File name')).toHaveValue('chart-bicubic-x2.502.jpg');
  await dialog.getByLabel('File name').fill('print me.jpg');
  const coming = editor.page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('print me.jpg');
  const { width, height, format } = await sharp(await readFile(await download.path())).metadata();
  expect({ width, height, format }).toEqual({ width: 1601, height: 1201, format: 'jpeg' });
  await expect(editor.status).toContainText('Saved print me.jpg');
});

test('a long export shows its progress and stops when told to; the editor goes on', async ({ editor }) => {
  await editor.openSample();
  await editor.method('FSRCNN').click();
  await editor.field('Scale factor').fill('24');
  await editor.field('Scale factor').press('Enter');
  await editor.button('Export').click();
  await editor.page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  const progress = editor.page.getByRole('progressbar');
  await expect(progress).toBeVisible();
  await expect(editor.status).toContainText(/\d+ \/ \d+/);
  await editor.button('Stop').click();
  await expect(progress).toBeHidden();
  await expect(editor.page.getByRole('alert')).toHaveCount(0);
  await editor.method('Bicubic').click();
  await editor.sharp();
});

test('what a format cannot hold is said before the work, with a way out', async ({ editor }) => {
  const bytes = await paint(1000, 8, () => [90, 90, 90, 255]);
  await editor.drop({ name: 'long.png', bytes });
  await expect(editor.page.getByRole('heading', { name: 'long.png' })).toBeVisible();
  await editor.field('Scale factor').fill('20');
  await editor.field('Scale factor').press('Enter');
  await editor.button('Export').click();
  const dialog = editor.page.getByRole('dialog');
  await dialog.getByText('WebP', { exact: true }).click();
  await expect(dialog).toContainText('WebP holds at most 16,383 pixels a side.');
  await expect(dialog.getByRole('button', { name: 'Export' })).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('button', { name: 'Use ×16.38' }).click();
  await expect(dialog.getByRole('button', { name: 'Export' })).toHaveAttribute('aria-disabled', 'false');
  await expect(dialog).toContainText('16380 × 131');
});

test('numbers that cannot be are refused in words, and the last good one stays', async ({ editor }) => {
  await editor.openSample();
  await editor.field('Scale factor').fill('31');
  await editor.field('Scale factor').press('Enter');
  await expect(editor.page.getByText('From ×1 to ×30.')).toBeVisible();
  await editor.field('Width in pixels').fill('wide');
  await editor.field('Width in pixels').press('Enter');
  await expect(editor.page.getByText('“wide” is not a number.')).toBeVisible();
  await editor.field('Width in centimetres').fill('20');
  await editor.field('Width in centimetres').press('Enter');
  await expect(editor.field('Width in pixels')).toHaveValue('2362');
});
