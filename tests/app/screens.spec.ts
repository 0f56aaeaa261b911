import { AxeBuilder } from '@axe-core/playwright';
import { sampleFile } from './pictures';
import type { EditorPage } from './editorPage';
import { expect, test } from './test';

/** Colours differ between the themes; all else that axe-core looks for does not. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * What axe-core finds serious or critical on the screen as it is, by rule and place: by all of its rules in the dark
 * theme, and by those of colours in the light one, which the same screen then wears.
 */
async function seriousOn({ page }: EditorPage, screen: string): Promise<string[]> {
  const found: string[] = [];
  const root = page.locator('html');
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(root).toHaveAttribute('data-theme', theme);
    const axe = new AxeBuilder({ page });
    const { violations } = await (theme === 'dark' ? axe : axe.withRules(COLOUR_RULES)).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(...nodes.map(({ target }) => `${screen}, ${theme}: ${id} at ${target.join(' ')}`));
    }
  }
  return found;
}

test('axe-core finds nothing serious on the window, dark or light', async ({ editor }) => {
  const { page } = editor;
  const found = await seriousOn(editor, 'empty');
  const bytes = await sampleFile();
  await editor.chooseFiles({ name: 'one.png', bytes }, { name: 'two.png', bytes });
  await expect(page.getByRole('navigation', { name: 'Photos' }).getByRole('listitem')).toHaveCount(2);
  await editor.sharp();
  found.push(...(await seriousOn(editor, 'photos')));
  await editor.button('About Bicubic').click();
  found.push(...(await seriousOn(editor, 'card')));
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await editor.surface.hover({ position: { x: 300, y: 200 } });
  await page.keyboard.down('Shift');
  await page.mouse.down();
  await page.mouse.move(500, 400, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.getByRole('tab', { name: 'Regions' }).click();
  found.push(...(await seriousOn(editor, 'grid and regions')));
  await page.getByRole('tab', { name: 'History' }).click();
  found.push(...(await seriousOn(editor, 'history')));
  await page.getByRole('tab', { name: 'Personal' }).click();
  found.push(...(await seriousOn(editor, 'training')));
  expect(found).toEqual([]);
});

test('nor on the dialogs of every day', async ({ editor }) => {
  const { page } = editor;
  const found: string[] = [];
  await editor.openSample();
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'export')));
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'keys')));
  await page.keyboard.press('Escape');
  await editor.button('Settings').click();
  found.push(...(await seriousOn(editor, 'settings')));
  expect(found).toEqual([]);
});

test('nor on what measures and compares', async ({ editor }) => {
  const { page } = editor;
  const found: string[] = [];
  await editor.openSample();
  await page.keyboard.press('j');
  await expect(page.getByRole('dialog', { name: 'Comparison sheet' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'sheet')));
  await page.keyboard.press('Escape');
  await page.keyboard.press('q');
  await expect(page.getByRole('dialog', { name: 'Hide and recover' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'recover')));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByRole('menuitem', { name: 'Benchmark' }).click();
  await expect(page.getByRole('dialog', { name: 'Benchmark' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'benchmark')));
  await page.keyboard.press('Escape');
  expect(found).toEqual([]);
});
