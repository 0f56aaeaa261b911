import { AxeBuilder } from '@axe-core/playwright';
import { sampleFile } from './pictures';
import type { EditorPage } from './editorPage';
import { expect, test } from './test';

/** What axe-core finds serious or critical on the screen as it is, by rule and place. */
async function seriousOn({ page }: EditorPage, screen: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${screen}: ${id} at ${target.join(' ')}`));
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    // What is still fading in has the contrast of neither state.
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('axe-core finds nothing serious on any screen', async ({ editor }) => {
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
      await page.getByRole('tab', { name: 'Personal' }).click();
      found.push(...(await seriousOn(editor, 'training')));
      await page.getByRole('tab', { name: 'History' }).click();
      found.push(...(await seriousOn(editor, 'history')));
      await page.keyboard.press('c');
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
  });
}
