import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './test';

const run = promisify(execFile);

/** What a shell makes of the words of a line: those that hold spaces are quoted. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

/** An evaluation as "enlarger evaluate --json" writes it. */
const EVALUATION = JSON.stringify({
  dataset: '/data/Set5',
  scale: 4,
  protocol: 'y',
  results: (
    [
      ['bicubic', 28.43, 0.3443],
      ['espcn', 30.37, 0.2295],
      ['fsrcnn', 30.55, 0.2106],
    ] as const
  ).map(([method, psnrY, lpips]) => ({
    method,
    n: 5,
    mean: { psnrY, ssimY: 0.85, lpips },
    deviation: {},
    seconds: 1,
    peakMiB: 1,
    images: [],
  })),
});

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('a sheet that was designed, drawn and saved here is byte by byte the terminal’s', async ({ editor }) => {
  const { page } = editor;
  const folder = await mkdtemp(join(tmpdir(), 'enlarger-sheet-test-'));
  await editor.openSample();
  await page.keyboard.press('j');
  const dialog = page.getByRole('dialog', { name: 'Comparison sheet' });
  const preview = dialog.getByRole('region', { name: 'The sheet' });
  await expect(preview).toHaveAttribute('data-drawn', 'true');
  await dialog.getByText('Hidden photo', { exact: true }).click();
  const scale = dialog.getByRole('textbox', { name: 'Scale of the sheet' });
  await scale.fill('4'); // a new photo's scale is the one used last, by whatever ran before
  await scale.press('Tab');
  await dialog.getByRole('button', { name: 'Add a method' }).click();
  await page.getByRole('menuitem', { name: 'Bilinear', exact: true }).click();
  await dialog.getByRole('button', { name: 'Bilinear earlier' }).click();
  await dialog.getByRole('textbox', { name: 'Name of Bilinear on the sheet' }).fill('Two lines');
  await dialog.getByRole('textbox', { name: 'Title' }).fill('A chart, hidden');
  await dialog.getByRole('switch', { name: 'Error maps' }).check();
  await dialog.locator('input[accept^=".json"]').setInputFiles({
    name: 'set5.json',
    mimeType: 'application/json',
    buffer: Buffer.from(EVALUATION),
  });
  await expect(dialog.getByRole('group', { name: 'Perception against distortion' })).toContainText('Set5');
  await dialog.getByText('My own', { exact: true }).click();
  const map = dialog.locator('.map');
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.4, { steps: 3 });
  await page.mouse.up();
  await expect(preview).toHaveAttribute('data-drawn', 'true');
  await expect(preview.getByRole('img', { name: /recovered ×4/ })).toBeVisible();

  await dialog.getByText('SVG', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Copy as command' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  const coming = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('chart-sheet.svg');
  await expect(editor.status).toContainText('Saved chart-sheet.svg');

  await copyFile('resources/sample/chart.png', join(folder, 'chart.png'));
  await writeFile(join(folder, 'set5.json'), EVALUATION);
  const [, ...args] = wordsOf(line);
  await run(process.execPath, [resolve('bin/enlarger.js'), ...args], { cwd: folder });
  const [ours, theirs] = await Promise.all([
    readFile(await download.path()),
    readFile(join(folder, 'chart-sheet.svg')),
  ]);
  expect(theirs.toString('utf8')).toContain('Two lines');
  expect(ours.equals(theirs)).toBe(true);
  await rm(folder, { recursive: true, force: true });
});

test('a design that makes no sheet says why, and saves nothing', async ({ editor }) => {
  const { page } = editor;
  await editor.openSample();
  await page.getByRole('button', { name: 'Sheet' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Comparison sheet' });
  await dialog.getByText('Reference', { exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText(/chart\.png needs a reference of \d+ × \d+ pixels/);
  await expect(dialog.getByRole('button', { name: 'Save', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});
