import { readFile } from 'node:fs/promises';
import { EditorPage } from './editorPage';
import { sampleFile } from './pictures';
import { expect, test } from './test';

test('a document is saved and opened again: in its own tab at once, in another by giving it its photos', async ({
  editor,
}) => {
  const { page } = editor;
  const bytes = await sampleFile();
  await editor.chooseFiles({ name: 'first.png', bytes }, { name: 'second.png', bytes });
  const strip = page.getByRole('navigation', { name: 'Photos' });
  await expect(strip.getByRole('listitem')).toHaveCount(2);
  await editor.sharp();
  await page.keyboard.press('g');
  await editor.field('Scale factor').fill('7');
  await editor.field('Scale factor').press('Enter');
  await editor.surface.focus();
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const download = await coming;
  expect(download.suggestedFilename()).toBe('first.enlarger');
  await expect(page).toHaveTitle('first.enlarger – Enlarger');
  const text = await readFile(await download.path());
  expect(JSON.parse(text.toString())).toMatchObject({ format: 'enlarger-document' });
  const document = { name: 'first.enlarger', bytes: text };

  // What is open gives way to it in one step, and comes back by undo.
  await page.keyboard.press('w');
  await expect(strip).toBeHidden();
  await expect(page).toHaveTitle('• first.enlarger – Enlarger');
  await editor.chooseFiles(document);
  await expect(strip.getByRole('listitem')).toHaveCount(2);
  await expect(editor.field('Scale factor')).toHaveValue('7');
  await editor.sharp();
  await page.keyboard.press('Control+z');
  await expect(strip).toBeHidden();

  const other = new EditorPage(await page.context().newPage());
  await other.page.goto(page.url());
  await other.chooseFiles(document);
  const alert = other.page.getByRole('alert');
  await expect(alert).toContainText('first.png, which belongs to this document; choose it, or drop it here.');
  await expect(other.page.getByRole('navigation', { name: 'Photos' }).getByRole('listitem')).toHaveCount(2);
  await other.drop({ name: 'second.png', bytes }, { name: 'first.png', bytes });
  await expect(alert).toHaveCount(0);
  await expect(other.page.getByRole('navigation', { name: 'Photos' }).getByRole('listitem')).toHaveCount(2);
  await expect(other.field('Scale factor')).toHaveValue('7');
  await other.sharp();
  await other.chooseFiles({ name: 'broken.enlarger', bytes: text.subarray(0, 200) });
  await expect(alert).toContainText('broken.enlarger is none or is damaged');
  await other.sharp();
  expect(other.complaints).toEqual([]);
});
