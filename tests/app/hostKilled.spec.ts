import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EditorPage } from './editorPage';
import { killHost, startHost, type Host } from './host';
import { paint } from './pictures';
import { expect, test } from './test';

/** Jobs that the ledger has. */
const ledger = ({ home }: Host): string[] => {
  try {
    return readdirSync(join(home, 'jobs')).filter((name) => /^[a-z0-9]+$/.test(name) && name !== 'engines');
  } catch {
    return []; // its folder is yet to come
  }
};

test.describe('the host is killed without a word', () => {
  test.skip(process.platform === 'win32', 'processes are found by their parents');

  test('in the middle of ordering a batch: what was not ordered yet is offered by the next one, and begins', async ({
    page,
  }) => {
    const PHOTOS = 30;
    const first = await startHost();
    let next: Host | undefined;
    try {
      const editor = new EditorPage(page);
      await page.goto(first.address);
      const bytes = await paint(24, 16, (x, y) => [x * 10, y * 15, 90, 255]);
      await editor.chooseFiles(...Array.from({ length: PHOTOS }, (_, i) => ({ name: `p${i}.png`, bytes })));
      const photos = page.getByRole('navigation', { name: 'Photos' }).getByRole('listitem');
      await expect(photos).toHaveCount(PHOTOS);
      await photos.first().getByRole('button').first().click();
      await photos
        .last()
        .getByRole('button')
        .first()
        .click({ modifiers: ['Shift'] });
      await editor.surface.focus();
      await page.keyboard.press('e');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: `Export ${PHOTOS} files` }).click();
      await expect.poll(() => ledger(first).length, { intervals: [2] }).toBeGreaterThan(0);
      killHost(first);
      const begun = ledger(first).length;
      expect(begun).toBeLessThan(PHOTOS);
      // The tab is gone, too.
      await page.goto('about:blank');

      next = await startHost('.', first);
      await page.goto(next.address);
      await expect(photos).toHaveCount(PHOTOS);
      const offer = page.getByText(/exports were ordered and had not begun/);
      await expect(offer).toBeVisible();
      const left = Number(/\d+/.exec(await offer.innerText())![0]);
      expect(left).toBeLessThanOrEqual(PHOTOS - begun);
      await page.getByRole('button', { name: 'Begin', exact: true }).click();
      await expect(offer).toHaveCount(0);
      await expect(page.getByRole('contentinfo').getByText(/^Saved /)).toBeVisible();
      await expect.poll(() => ledger(next!).length).toBeLessThanOrEqual(begun);
    } finally {
      await next?.close();
      await first.close();
    }
  });
});
