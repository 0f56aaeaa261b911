import { expect, test } from './test';

test('the panels fold away and come back, and the view takes the room', async ({ editor }) => {
  await editor.openSample();
  const wide = (await editor.box()).width;
  await editor.page.keyboard.press('p');
  await expect(editor.page.getByRole('tab', { name: 'Method' })).toBeHidden();
  await expect.poll(async () => (await editor.box()).width).toBeGreaterThan(wide + 200);
  await editor.page.keyboard.press('m');
  await expect(editor.page.getByRole('tab', { name: 'Method' })).toBeVisible();
  await editor.sharp(); // by then the engine has been told, too
});

test('arrow keys move the photo once the view has the keyboard', async ({ editor }) => {
  await editor.openSample();
  await editor.method('Bicubic').click();
  await editor.page.keyboard.press('z');
  await editor.sharp();
  await editor.surface.focus();
  const box = await editor.box();
  await editor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const before = await editor.position();
  await editor.page.keyboard.press('ArrowRight');
  await editor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + 1);
  await editor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const after = await editor.position();
  expect(after!.x - before!.x).toBe(64);
});

test('`?` lists the keys, Escape closes the list and gives the keyboard back', async ({ editor }) => {
  await editor.page.keyboard.press('?');
  const dialog = editor.page.getByRole('dialog', { name: 'Keyboard' });
  await expect(dialog).toContainText('Show the whole photo');
  await editor.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the view is ringed where keys have reached it, not after a key that follows a click', async ({
  editor,
}) => {
  await editor.openSample();
  const ring = (): Promise<string> => editor.surface.evaluate((view) => getComputedStyle(view).outlineStyle);
  await editor.surface.click();
  await editor.page.keyboard.press('+');
  await expect(editor.surface).toBeFocused();
  expect(await ring()).toBe('none');
  await editor.page.keyboard.press('Tab');
  await editor.page.keyboard.press('Shift+Tab');
  await expect(editor.surface).toBeFocused();
  expect(await ring()).toBe('solid');
});
