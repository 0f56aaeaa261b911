import { readFileSync } from 'node:fs';
import { seriousOn } from './accessibility';
import { expect, test } from './test';

test('a blind comparison: pictures without names, keys for scores, gone on with after a reload', async ({
  editor,
}) => {
  // It is read by axe and opened anew three times.
  test.slow();
  const { page } = editor;
  const heard: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => heard.push(payload.toString()));
    socket.on('framereceived', ({ payload }) => heard.push(payload.toString()));
  });
  await page.reload();
  await editor.openSample();
  await editor.surface.focus();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Blind comparison' });
  await dialog.getByRole('textbox', { name: 'How many' }).fill('1');
  await dialog.getByRole('textbox', { name: 'How many' }).press('Enter');
  await dialog.getByRole('textbox', { name: 'Who looks' }).fill('Ada');
  for (const name of ['Nearest neighbour', 'Bicubic']) await dialog.getByRole('checkbox', { name }).check();
  for (const box of await dialog.getByRole('checkbox').all()) {
    const label = await box.locator('..').textContent();
    if (!/^(Nearest neighbour|Bicubic)$/.test(label!.trim())) await box.uncheck();
  }
  await expect(dialog.getByText('2 pictures to rate')).toBeVisible();
  expect(await seriousOn(editor, 'order')).toEqual([]);
  heard.length = 0;
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await expect(dialog.getByRole('img', { name: 'The picture to rate' })).toBeVisible();

  // From here on until the end nothing says whose picture it is, on the page or on its way to it.
  const begun = heard.findIndex((frame) => frame.includes('blind:show'));
  expect(await dialog.innerHTML()).not.toMatch(/nearest|bicubic/i);
  await page.keyboard.press('4');
  await expect(dialog.getByText('2 of 2')).toBeVisible();
  await expect(dialog.getByRole('img', { name: 'The picture to rate' })).toBeVisible();
  expect(await seriousOn(editor, 'trial')).toEqual([]);
  const whileRated = heard.slice(begun).filter((frame) => /"blind:|"pictures"|"answers"/.test(frame));
  expect(whileRated.length).toBeGreaterThan(2);
  expect(whileRated.some((frame) => /nearest|bicubic/i.test(frame))).toBe(false);

  // Left in the middle and gone on with after a reload.
  await page.reload();
  await expect(editor.view).not.toHaveAttribute('data-photo', '');
  await editor.surface.focus();
  await page.keyboard.press('n');
  await expect(dialog.getByText('1 of 2 answered')).toBeVisible();
  await dialog.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(dialog.getByText('2 of 2')).toBeVisible();
  await expect(dialog.getByRole('img', { name: 'The picture to rate' })).toBeVisible();
  await page.keyboard.press('2');
  await expect(dialog.getByRole('button', { name: 'Show who made what' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('row', { name: /Nearest neighbour/ })).toBeVisible();
  await expect(dialog.getByText('1 comparison, 1 crop: Ada')).toBeVisible();

  expect(await seriousOn(editor, 'opinions')).toEqual([]);
  const coming = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'All answers (CSV)' }).click();
  const lines = readFileSync(await (await coming).path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/Ada,.*chart\.png.*,rate,/);
});
