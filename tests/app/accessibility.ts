import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { EditorPage } from './editorPage';

/** Colours differ between the themes; all else that axe-core looks for does not. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * What axe-core finds serious or critical on the screen as it is, by rule and place: by all of its rules in the dark
 * theme, and by those of colours in the light one, which the same screen then wears.
 */
export async function seriousOn({ page }: EditorPage, screen: string): Promise<string[]> {
  const found: string[] = [];
  const root = page.locator('html');
  for (const theme of ['light', 'dark'] as const) {
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
