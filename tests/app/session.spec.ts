import { sampleFile } from './pictures';
import { EditorPage } from './editorPage';
import { expect, test } from './test';

const scale = 'Scale factor';

async function setScale(editor: EditorPage, value: string): Promise<void> {
  await editor.field(scale).fill(value);
  await editor.field(scale).press('Enter');
}

test('a reload keeps the photos, their settings and what was shown', async ({ editor }) => {
  const { page } = editor;
  const bytes = await sampleFile();
  await editor.drop({ name: 'first.png', bytes }, { name: 'second.png', bytes });
  // Of photos that arrive together the first is shown.
  const strip = page.getByRole('navigation', { name: 'Photos' });
  await expect(strip.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('heading', { name: 'first.png' })).toBeVisible();
  await strip.getByRole('button', { name: 'second.png', exact: true }).click();
  await editor.method('Lanczos-3').first().click();
  await setScale(editor, '2.5');
  await strip.getByRole('button', { name: 'first.png', exact: true }).click();
  await editor.method('Bicubic').click();
  await setScale(editor, '3');
  await editor.sharp();

  await page.reload();
  await expect(page.getByRole('heading', { name: 'first.png' })).toBeVisible();
  await expect(strip.getByRole('listitem')).toHaveCount(2);
  await expect(editor.method('Bicubic')).toHaveAttribute('aria-checked', 'true');
  await expect(editor.field(scale)).toHaveValue('3');
  await editor.sharp();
  await strip.getByRole('button', { name: 'second.png', exact: true }).click();
  await expect(editor.field(scale)).toHaveValue('2.5');
  await expect(editor.method('Lanczos-3').first()).toHaveAttribute('aria-checked', 'true');
  await editor.sharp();
});

test('undo and redo by keys bring back methods, sizes and a photo that was closed', async ({ editor }) => {
  const { page } = editor;
  await editor.openSample();
  await editor.method('Bicubic').click();
  await setScale(editor, '2');
  await editor.method('Lanczos-3').first().click();
  await setScale(editor, '3');
  await expect(page.getByTitle('Undo: size ×3 (Ctrl Z)')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(editor.field(scale)).toHaveValue('2');
  await page.keyboard.press('Control+z');
  await expect(editor.method('Bicubic')).toHaveAttribute('aria-checked', 'true');
  await page.keyboard.press('Control+Shift+z');
  await expect(editor.method('Lanczos-3').first()).toHaveAttribute('aria-checked', 'true');
  await page.keyboard.press('Control+y');
  await expect(editor.field(scale)).toHaveValue('3');

  await editor.surface.focus();
  await page.keyboard.press('w');
  await expect(editor.button('Try the sample')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('heading', { name: 'chart.png' })).toBeVisible();
  await expect(editor.field(scale)).toHaveValue('3');
  await editor.sharp();
});

test('while text is typed, undo is the text’s own', async ({ editor }) => {
  await editor.openSample();
  await editor.method('Lanczos-3').first().click();
  await editor.field(scale).fill('7');
  await editor.page.keyboard.press('Control+z');
  await expect(editor.method('Lanczos-3').first()).toHaveAttribute('aria-checked', 'true');
});

test('two tabs on one engine keep to their own photos, and one that goes leaves the other as it is', async ({
  editor,
  context,
}) => {
  const bytes = await sampleFile();
  await editor.chooseFiles({ name: 'mine.png', bytes });
  await editor.sharp();
  const page = await context.newPage();
  await page.goto(new URL(editor.page.url()).origin);
  const other = new EditorPage(page);
  await other.chooseFiles({ name: 'yours.png', bytes });
  await expect(page.getByRole('heading', { name: 'yours.png' })).toBeVisible();
  await other.sharp();
  await expect(editor.page.getByRole('heading', { name: 'mine.png' })).toBeVisible();
  await page.close();
  await editor.page.keyboard.press('z');
  await editor.sharp();
  expect(other.complaints).toEqual([]);
});
