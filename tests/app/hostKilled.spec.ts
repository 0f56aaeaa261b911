import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EditorPage } from './editorPage';
import { childOf, killHost, startHost, type Host } from './host';
import { decode, paint } from './pictures';
import { expect, test } from './test';

/** Jobs that the ledger has. */
const ledger = ({ home }: Host): string[] => {
  try {
    return readdirSync(join(home, 'jobs')).filter((name) => /^[a-z0-9]+$/.test(name) && name !== 'engines');
  } catch {
    return []; // its folder is yet to come
  }
};

/** Those of them that an engine has set to work on, as their journals say: before, they only wait. */
const begun = (host: Host): string[] =>
  ledger(host).filter((job) => {
    try {
      return readFileSync(join(host.home, 'jobs', job, 'journal'), 'utf8').includes('"record":"taken"');
    } catch {
      return false; // it ended meanwhile
    }
  });

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
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
      expect(ledger(first).length).toBeLessThan(PHOTOS);
      // The tab is gone, too.
      await page.goto('about:blank');

      next = await startHost('.', first);
      await page.goto(next.address);
      await expect(photos).toHaveCount(PHOTOS);
      const offer = page.getByText(/exports were ordered and had not begun/);
      await expect(offer).toBeVisible();
      const left = Number(/\d+/.exec(await offer.innerText())![0]);
      // At least those: what the engine finished after its host was gone may be made anew.
      expect(left).toBeGreaterThan(0);
      const saved = new Set<string>();
      page.on('download', (download) => saved.add(download.suggestedFilename()));
      await page.getByRole('button', { name: 'Begin', exact: true }).click();
      await expect(offer).toHaveCount(0);
      // Each comes, although a browser drops those of many that begin at once.
      await expect.poll(() => saved.size).toBeGreaterThanOrEqual(left);
    } finally {
      await next?.close();
      await first.close();
    }
  });

  test('with a finished file that nobody fetched: the next one offers it, whole', async ({ page }) => {
    const first = await startHost();
    let next: Host | undefined;
    try {
      const editor = new EditorPage(page);
      await page.goto(first.address);
      await editor.openSample();
      await editor.method('Bicubic').click();
      await editor.surface.focus();
      await page.keyboard.press('e');
      await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
      await expect.poll(() => ledger(first).length, { intervals: [2] }).toBe(1);
      await page.goto('about:blank');
      await expect.poll(() => ledger(first).length).toBe(0); // it has ended
      killHost(first);

      next = await startHost('.', first);
      await page.goto(next.address);
      await expect(page.getByText('A finished export was not saved by the browser.')).toBeVisible();
      const coming = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const download = await coming;
      const { width, height } = await decode(await readFile(await download.path()));
      expect([width / 640, height / 480]).toEqual([4, 4]);
      await expect(page.getByRole('contentinfo')).toContainText(`Saved ${download.suggestedFilename()}`);
      await page.reload();
      await expect(editor.view).not.toHaveAttribute('data-photo', '');
      await expect(page.getByText('was not saved by the browser')).toHaveCount(0);
    } finally {
      await next?.close();
      await first.close();
    }
  });

  test('while its engine is in the middle of a tile: the page is told that it works still, and then that it ended', async ({
    page,
  }) => {
    const first = await startHost();
    let next: Host | undefined;
    const old = childOf(childOf(first.pid));
    try {
      const editor = new EditorPage(page);
      await page.goto(first.address);
      await editor.openSample();
      await editor.method('Bicubic').click();
      await editor.field('Scale factor').fill('8');
      await editor.field('Scale factor').press('Enter');
      await editor.surface.focus();
      await page.keyboard.press('e');
      await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
      await expect.poll(() => begun(first).length, { intervals: [2] }).toBe(1);
      process.kill(old, 'SIGSTOP'); // a tile that has no end
      await page.goto('about:blank');
      killHost(first);

      next = await startHost('.', first);
      await page.goto(next.address);
      const status = page.getByRole('contentinfo');
      await expect(status).toContainText('1 still at work elsewhere');
      process.kill(old, 'SIGKILL');
      await expect(status).toContainText('1 broken off');
      await expect(status).not.toContainText('elsewhere');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      const coming = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Go on', exact: true }).click();
      expect((await coming).suggestedFilename()).toMatch(/-x8\.png$/);
    } finally {
      if (isRunning(old)) process.kill(old, 'SIGKILL');
      await next?.close();
      await first.close();
    }
  });
});
