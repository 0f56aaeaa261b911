import { seriousOn } from './accessibility';
import { expect } from './test';
import { test } from './turnable';

test('hide and recover: what was found is a table without barriers, and a method is used from it', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openSample();
  await editor.method('Nearest neighbour').click();
  await editor.surface.focus();
  await page.keyboard.press('q');
  const dialog = page.getByRole('dialog', { name: 'Hide and recover' });
  const seconds = dialog.getByRole('textbox', { name: 'No further part is begun after so many seconds' });
  await seconds.fill('1');
  await seconds.press('Tab');
  await dialog.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(dialog.getByRole('button', { name: 'Test again' })).toBeVisible();
  const found = dialog.getByRole('region', { name: 'What was found' });
  await expect(found.getByRole('row', { name: /recommended/ })).toHaveCount(1);
  await expect(found.getByRole('row', { name: /^Nearest neighbour/ })).toContainText('In use');
  await expect(found.getByRole('img').first()).toBeVisible();
  expect(await seriousOn(editor, 'recover, filled', '[role=dialog]')).toEqual([]);

  await found.getByRole('button', { name: 'Use Lanczos-3', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(editor.method('Lanczos-3').first()).toHaveAttribute('aria-checked', 'true');
});
