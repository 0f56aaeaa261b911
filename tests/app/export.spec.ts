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
  // What the file will be is shown and weighed before it is made.
  const preview = dialog.getByRole('application', { name: /^Preview at 100 %.* JPEG 92/ });
  const divider = dialog.getByRole('slider', { name: /^Divider/ });
  await divider.press('Home');
  await expect(divider).toHaveAttribute('aria-valuenow', '0');
  await expect(preview).toContainText('Uncompressed');
  await expect(dialog).toContainText(/from 5 places, [\d.]+ % of it encoded/);
  const said = /about ([\d.,]+) (kB|MB)/.exec(await dialog.innerText());
  const estimated = Number(said?.[1]) * (said?.[2] === 'MB' ? 1e6 : 1e3);
  const coming = editor.page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('print me.jpg');
  const file = await readFile(await download.path());
  // A chart's parts differ more than a photo's: its five places are right to a half.
  expect(Math.abs(Math.log2(estimated / file.length))).toBeLessThan(0.6);
  const { width, height, format } = await sharp(file).metadata();
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

test('what files keep is chosen part by part, and kept as a preset', async ({ editor }) => {
  const { page } = editor;
  await editor.openSample();
  await editor.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByText('WebP', { exact: true }).click();
  await dialog.getByRole('switch', { name: 'Place (GPS)' }).uncheck();
  await dialog.getByRole('button', { name: 'Keep as preset…' }).click();
  await dialog.getByRole('textbox', { name: 'Preset' }).fill('for the web');
  await page.keyboard.press('Enter');
  const presets = dialog.getByRole('combobox', { name: 'Preset' });
  await expect(presets).toHaveValue('for the web');
  await dialog.getByText('PNG', { exact: true }).click();
  await dialog.getByRole('switch', { name: 'Place (GPS)' }).check();
  await expect(presets).toHaveValue('');
  await presets.selectOption('for the web');
  await expect(dialog.getByRole('radio', { name: 'WebP' })).toBeChecked();
  await expect(dialog.getByRole('switch', { name: 'Place (GPS)' })).not.toBeChecked();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy as command' }).click();
  // The page copies when the browser lets it, which is after the click.
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain('--format webp --quality 90');
  await expect.poll(copied).toContain('--strip gps');
  // One step of the history, and for every photo to come.
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByText('export preset for the web')).toBeVisible();
  await editor.button('Export').click();
  await dialog.getByRole('button', { name: 'Delete the preset for the web' }).click();
  await expect(presets).toBeDisabled();
});

test('numbers that cannot be are refused in words, and the last good one stays', async ({ editor }) => {
  await editor.openSample();
  await editor.field('Scale factor').fill('31');
  await editor.field('Scale factor').press('Enter');
  await expect(editor.page.getByText('From ×1 to ×30.')).toBeVisible();
  await editor.field('Width in pixels').fill('wide');
  await editor.field('Width in pixels').press('Enter');
  await expect(editor.page.getByText('“wide” is not a number.')).toBeVisible();
  // What is meant is written beside the number, whichever field it is written in.
  for (const [field, text, scale] of [
    ['Scale factor', '1920px', '3'],
    ['Width in pixels', 'x2', '2'],
    ['Height in pixels', '150 %', '1.5'],
    ['Scale factor', '1,280 px', '2'],
  ] as const) {
    await editor.field(field).fill(text);
    await editor.field(field).press('Enter');
    await expect(editor.field('Scale factor')).toHaveValue(scale);
  }
  await editor.field('Width in centimetres').fill('20');
  await editor.field('Width in centimetres').press('Enter');
  await expect(editor.field('Width in pixels')).toHaveValue('2362');
});
