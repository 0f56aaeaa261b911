import { difference, type EditorPage } from './editorPage';
import { cut } from './pictures';
import { expect, test } from './test';

/** Draws with the tool from one place of the view to another, CSS pixels. */
async function draw(editor: EditorPage, from: [number, number], to: [number, number]): Promise<void> {
  const { page } = editor;
  const box = await editor.box();
  await page.keyboard.press('r');
  await page.mouse.move(box.x + from[0], box.y + from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + to[0], box.y + to[1], { steps: 4 });
  await page.mouse.up();
}
const says = (name: string): RegExp =>
  new RegExp(`^Region ${name}, (\\d+) by (\\d+) pixels at (\\d+), (\\d+)`);

async function placeOf(editor: EditorPage, name: string): Promise<number[]> {
  const label = (await editor.button(says(name)).getAttribute('aria-label')) ?? '';
  return says(name).exec(label)!.slice(1).map(Number);
}

test('a region is drawn, moved, resized and taken back, each a step', async ({ editor }) => {
  const { page } = editor;
  await editor.openSample();
  await editor.surface.focus();
  const zoom = await editor.zoom();
  await draw(editor, [200, 200], [320, 290]);
  const drawn = await placeOf(editor, 'Region 1');
  expect(Math.abs(drawn[0]! - 120 / zoom)).toBeLessThanOrEqual(2);
  expect(Math.abs(drawn[1]! - 90 / zoom)).toBeLessThanOrEqual(2);

  const box = await editor.box();
  // The handle at the lower right corner.
  await page.mouse.move(box.x + 320, box.y + 290);
  await page.mouse.down();
  await page.mouse.move(box.x + 380, box.y + 330, { steps: 4 });
  await page.mouse.up();
  const resized = await placeOf(editor, 'Region 1');
  expect(resized[0]!).toBeGreaterThan(drawn[0]! + 20);
  expect(resized.slice(2)).toEqual(drawn.slice(2));

  // Its left edge, away from the handles, moves it; Escape on the way takes that back.
  await page.mouse.move(box.x + 200, box.y + 230);
  await page.mouse.down();
  await page.mouse.move(box.x + 260, box.y + 250, { steps: 4 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect.poll(() => placeOf(editor, 'Region 1')).toEqual(resized);

  await editor.surface.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => placeOf(editor, 'Region 1')).toEqual(drawn);
  await page.keyboard.press('Control+z');
  await expect(editor.button(says('Region 1'))).toHaveCount(0);
  expect(await editor.zoom()).toBe(zoom);
});

test('everything of a region by keyboard: moved, resized, duplicated, numbered, its own scale, deleted', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openSample();
  await editor.surface.focus();
  await draw(editor, [200, 200], [320, 290]);
  const [width, height, x, y] = await placeOf(editor, 'Region 1');
  await editor.button(says('Region 1')).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(() => placeOf(editor, 'Region 1')).toEqual([width, height, x! + 1, y! + 10]);
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(() => placeOf(editor, 'Region 1')).toEqual([width! + 1, height, x! + 1, y! + 10]);
  await page.keyboard.press('Control+d');
  await page.getByRole('tab', { name: 'Regions' }).click();
  await expect(page.locator('.regions .choice .name')).toHaveText(['Region 2', 'Region 1']);

  await expect(page.getByRole('region', { name: 'Change Region 2' })).toBeVisible();
  await editor.field('Width in photo pixels').fill('64');
  await page.keyboard.press('Enter');
  await editor.field('Scale of Region 2').fill('7');
  await page.keyboard.press('Enter');
  await expect(page.locator('.regions .choice .facts').first()).toContainText('64 × ');
  await expect(page.locator('.regions .choice .facts').first()).toContainText('×7');

  const before = await editor.zoom();
  await page.getByRole('button', { name: 'Go to Region 2' }).press('Enter');
  await editor.sharp();
  expect(await editor.zoom()).toBeGreaterThan(before * 1.5);
  await page.locator('.regions .choice').first().focus();
  await page.keyboard.press('Delete');
  await expect(page.locator('.regions .choice .name')).toHaveText(['Region 1']);
});

test('a region shows its own method inside its frame, and all regions become files of their own', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openSample();
  await editor.method('Bicubic').click();
  await editor.field('Scale factor').fill('4');
  await editor.field('Scale factor').press('Enter');
  await editor.surface.focus();
  // Among the leaves of the chart, where every method differs.
  await draw(editor, [450, 100], [570, 190]);
  await editor.sharp();
  const before = await editor.picture();
  await page.getByRole('tab', { name: 'Regions' }).click();
  await page.getByRole('region', { name: 'Change Region 1' }).getByLabel('Method').selectOption('nearest');
  const inside = cut(before, 460, 110, 90, 60);
  const beside = cut(before, 590, 110, 50, 60);
  await expect
    .poll(async () => difference(await editor.picture(), inside, { x: 460, y: 110 }))
    .toBeGreaterThan(0.02);
  await editor.sharp();
  expect(difference(await editor.picture(), beside, { x: 590, y: 110 })).toBe(0);

  await draw(editor, [400, 300], [440, 330]);
  const downloads: string[] = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  await editor.button('Export all').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByText('PNG', { exact: true }).click();
  await expect(dialog).toContainText('chart-Region 1-nearest-x4.png');
  await dialog.getByRole('button', { name: 'Export 2 files' }).click();
  await expect
    .poll(() => [...downloads].sort())
    .toEqual(['chart-Region 1-nearest-x4.png', 'chart-Region 2-bicubic-x4.png']);
});
