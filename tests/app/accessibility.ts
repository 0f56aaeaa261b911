import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { EditorPage } from './editorPage';

/** Colours differ between the themes; all else that axe-core looks for does not. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * Arrow keys walk a menu's items, and it scrolls with them, as menus do everywhere; axe wants a tab stop in whatever
 * scrolls, of which the items of a menu have none.
 */
const isScrolledMenu = (rule: string, targets: readonly unknown[]): boolean =>
  rule === 'scrollable-region-focusable' && targets.every((at) => /dropdown-menu-content/.test(String(at)));

/**
 * What axe-core finds serious or critical on the screen as it is, by rule and place: by all of its rules in the dark
 * theme, and by those of colours in the light one, which the same screen then wears. `part`: what alone is looked at,
 * where all around it is a screen that was looked at already.
 */
export async function seriousOn({ page }: EditorPage, screen: string, part?: string): Promise<string[]> {
  const found: string[] = [];
  const root = page.locator('html');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(root).toHaveAttribute('data-theme', theme);
    const axe = new AxeBuilder({ page });
    if (part !== undefined) {
      await expect(page.locator(part)).toBeVisible();
      axe.include(part);
    }
    const { violations } = await (theme === 'dark' ? axe : axe.withRules(COLOUR_RULES)).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      const real = nodes.filter(({ target }) => !isScrolledMenu(id, target));
      found.push(...real.map(({ target }) => `${screen}, ${theme}: ${id} at ${target.join(' ')}`));
    }
  }
  return found;
}
