import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-sheet-'));
  const call = ['compare', resolve('resources/sample/chart.png'), '-o', join(folder, 'sheet.html')];
  const of = ['--method', 'nearest,bicubic', '--scale', '4', '--region', '20,20,32,24'];
  execFileSync(process.execPath, [resolve('out/cli/index.js'), ...call, ...of], { stdio: 'ignore' });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a sheet as a page works from a disk without a network: split, flipping by keys, zoom', async ({
  browser,
}) => {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(join(folder, 'sheet.html')).href);

  await expect(page.locator('.sheet svg text').filter({ hasText: 'Bicubic' }).first()).toBeVisible();
  const left = page.locator('#tag-left');
  await expect(left).toContainText('Input');
  await expect(page.locator('#tag-right')).toContainText('Nearest neighbour');
  await page.locator('#view').focus();
  await page.keyboard.press('3');
  await expect(left).toContainText('Bicubic');
  await expect(page.getByRole('button', { name: 'Split' })).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.down('o');
  await expect(left).toContainText('Input');
  await page.keyboard.up('o');
  await expect(left).toContainText('Bicubic');

  const zoom = page.locator('#zoom');
  const before = Number((await zoom.textContent())!.slice(1));
  await page.keyboard.press('+');
  await expect.poll(async () => Number((await zoom.textContent())!.slice(1))).toBeGreaterThan(before);

  // What is drawn is the crop, and not an empty canvas.
  const colours = await page.locator('#canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    return new Set(Array.from({ length: 400 }, (_, k) => data[4 * Math.floor((k * width * height) / 400)]))
      .size;
  });
  expect(colours).toBeGreaterThan(5);
  expect(complaints).toEqual([]);
  expect(asked.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
  await context.close();
});
