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
  await editor.chooseFiles(...files);
  await page.getByRole('tab', { name: 'Personal' }).click();
  const form = page.getByRole('form', { name: 'New personal model' });
  await expect(form.getByRole('checkbox')).toHaveCount(3);
  await form.getByRole('checkbox').first().uncheck();
  await form.getByRole('checkbox').nth(1).uncheck();
  await expect(form.getByRole('status')).toHaveText(/two photos or more/);
  await form.getByRole('checkbox').first().check();
  await form.getByRole('checkbox').nth(1).check();
  await form.getByLabel('Name').fill('Stripes');
  await form.getByLabel('Minutes').fill('5');
  await form.getByLabel('Minutes').press('Enter');
  await form.getByRole('button', { name: 'Start' }).click();

  const run = page.getByRole('region', { name: 'Stripes is learning' });
  await expect(run.getByRole('status')).toHaveText(/dB on the photos kept aside/, { timeout: 60_000 });
  await expect(run.getByRole('img', { name: 'Now' })).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: info.outputPath('running.png') });
  await run.getByRole('button', { name: 'Stop and keep' }).click();

  const result = page.getByRole('status', { name: 'What came of Stripes' });
  await expect(result).toBeVisible({ timeout: 60_000 });
  await expect(result).toHaveText(/Stripes is a method now|nothing was kept/);
  await expect(page.getByRole('region', { name: 'Your models' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('ended.png') });
});
