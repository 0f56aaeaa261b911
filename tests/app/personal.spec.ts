import { onnxModel } from '../../src/engine/onnx/onnxModel';
import { compact } from '../fixtures/strangersModels';
import { seriousOn } from './accessibility';
import { paint } from './pictures';
import { expect, test } from './test';

/** Stripes and blocks whose width is their own: something to learn, and different in each. */
const drawn = (seed: number): Promise<Buffer> =>
  paint(160, 150, (x, y) => {
    const isLight = (Math.floor((x + seed * y) / (4 + seed)) + Math.floor(y / (9 + seed))) % 2 === 0;
    const value = isLight ? 200 : 40 + seed * 10;
    return [value, Math.min(255, value + x / 4), value, 255];
  });

test('a method learns from the open photos: curves, a look, and an end that is said; models are listed', async ({
  editor,
}, info) => {
  const { page } = editor;
  const files = await Promise.all(
    [1, 2, 3].map(async (seed) => ({ name: `stripes-${seed}.png`, bytes: await drawn(seed) })),
  );
  const long = `stripes-of-${'a-long-and-unbroken-name-'.repeat(3)}.png`;
  const tiny = { name: 'stamp.png', bytes: await paint(100, 150, () => [9, 9, 9, 255]) };
  await editor.chooseFiles(...files.slice(0, 2), { ...files[2]!, name: long }, tiny);
  await page.getByRole('tab', { name: 'Personal' }).click();
  const form = page.getByRole('form', { name: 'New personal model' });
  await expect(form.getByRole('checkbox')).toHaveCount(4);
  const refused = form.getByRole('checkbox', { name: 'stamp.png needs 128 pixels a side' });
  await expect(refused).toBeDisabled();
  await expect(refused).not.toBeChecked();
  await page.screenshot({ path: info.outputPath('form.png') });
  const panel = page.getByRole('tabpanel', { name: 'Personal' }).locator('.personal');
  const cutOff = (): Promise<number> => panel.evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(await cutOff()).toBe(0);
  await form.getByRole('checkbox').first().uncheck();
  await form.getByRole('checkbox').nth(1).uncheck();
  await expect(form.getByRole('status')).toHaveText(/two photos or more/);
  await form.getByRole('checkbox').first().check();
  await form.getByRole('checkbox').nth(1).check();
  await form.getByRole('textbox', { name: 'Name' }).fill('Stripes');
  await form.getByLabel('Minutes').fill('5');
  await form.getByLabel('Minutes').press('Enter');
  await form.getByRole('button', { name: 'Start' }).click();

  const run = page.getByRole('region', { name: 'Stripes is learning' });
  await expect(run.getByRole('status')).toHaveText(/dB on the photos kept aside/, { timeout: 60_000 });
  await expect(run.getByRole('img', { name: 'Now' })).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: info.outputPath('running.png') });
  expect(await seriousOn(editor, 'training')).toEqual([]);
  await run.getByRole('button', { name: 'Stop and keep' }).click();

  const result = page.getByRole('status', { name: 'What came of Stripes' });
  await expect(result).toBeVisible({ timeout: 60_000 });
  await expect(result).toHaveText(/Stripes is a method now|nothing was kept/);
  for (const name of ['Before', 'Now', 'Original'])
    await expect(result.getByRole('img', { name })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Your models' })).toBeVisible();
  expect(await cutOff()).toBe(0);
  await page.screenshot({ path: info.outputPath('ended.png') });
  expect(await seriousOn(editor, 'what came of a training')).toEqual([]);
});

test('a stranger’s model is dropped on the window, shown, kept, exported and refused with a reason', async ({
  editor,
}, info) => {
  const { page } = editor;
  await editor.drop({ name: 'street.onnx', bytes: Buffer.from(onnxModel(compact())) });
  const dialog = page.getByRole('dialog', { name: 'Import a model' });
  await expect(dialog.getByText('NCHW')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText('×2')).toBeVisible();
  await page.screenshot({ path: info.outputPath('found.png') });
  expect(await seriousOn(editor, 'import')).toEqual([]);
  await dialog.getByLabel('Name').fill('Street');
  await dialog.getByLabel('Licence').fill('MIT');
  await dialog.getByRole('button', { name: 'Keep as a method' }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
  await expect(page.getByText('Street is a method now.')).toBeVisible();

  await page.getByRole('tab', { name: 'Personal' }).click();
  const own = page.getByRole('region', { name: 'Your models' });
  await expect(own.getByText('Street', { exact: true })).toBeVisible();
  const download = page.waitForEvent('download');
  await own.getByRole('button', { name: 'Export Street' }).click();
  expect((await download).suggestedFilename()).toBe('street.onnx');
  await page.screenshot({ path: info.outputPath('own.png') });
  expect(await seriousOn(editor, 'own models')).toEqual([]);

  const chosen = {
    name: 'words.onnx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('no model'),
  };
  await own.locator('input[type=file]').setInputFiles(chosen);
  await expect(dialog.getByRole('alert')).toContainText('Expected words.onnx to be an ONNX model');
  await page.screenshot({ path: info.outputPath('refused.png') });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();
});
