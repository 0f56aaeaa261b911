import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, WebSocketRoute } from '@playwright/test';
import { EditorPage } from './editorPage';
import { childOf, startHost, type Host } from './host';
import { sampleFile } from './pictures';
import { expect, test } from './test';

/** The terminal's program starts the host, and that the engine. */
const engineOf = ({ pid }: Host): number => childOf(childOf(pid));

/** Every file below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

test.describe('what goes wrong around the page', () => {
  test.skip(process.platform === 'win32', 'processes are found by their parents');
  // One page of one host of their own, which lives through all of it.
  test.describe.configure({ mode: 'serial' });
  let host: Host;
  let page: Page;
  let editor: EditorPage;
  let bytes: Buffer;
  let socket: WebSocketRoute | undefined;

  test.beforeAll(async ({ browser }) => {
    host = await startHost();
    page = await browser.newPage();
    editor = new EditorPage(page);
    bytes = await sampleFile();
    await page.routeWebSocket(/\/engine$/, (route) => {
      socket = route;
      route.connectToServer();
    });
    await page.goto(host.address);
    await editor.chooseFiles({ name: 'first.png', bytes }, { name: 'second.png', bytes });
    await expect(photos()).toHaveCount(2);
    await editor.method('Bicubic').click();
    await editor.sharp();
  });
  test.afterAll(async () => {
    await page.close();
    await host.close();
  });
  const photos = () => page.getByRole('navigation', { name: 'Photos' }).getByRole('listitem');

  test('a laptop that slept: its socket closes, and the same tab comes back', async () => {
    const before = await editor.picture();
    const asleep = socket;
    await asleep?.close();
    await expect.poll(() => socket !== asleep).toBe(true);
    await editor.surface.focus();
    await page.keyboard.press('z');
    await editor.sharp();
    await page.keyboard.press('0');
    await editor.sharp();
    expect((await editor.picture()).data.equals(before.data)).toBe(true);
    await expect(photos()).toHaveCount(2);
  });

  test('the engine dies while it works for the view and for an export: both go on, with a sentence', async () => {
    await editor.field('Scale factor').fill('8');
    await editor.field('Scale factor').press('Enter');
    const coming = page.waitForEvent('download');
    await editor.surface.focus();
    await page.keyboard.press('e');
    await page.getByRole('dialog').getByText('JPEG', { exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByRole('progressbar')).toBeVisible();
    process.kill(engineOf(host), 'SIGKILL');
    await expect(page.getByText('The engine stopped unexpectedly and was started again.')).toBeVisible();
    await page.keyboard.press('z');
    await editor.sharp();
    expect((await coming).suggestedFilename()).toBe('first-bicubic-x8.jpg');
  });

  test('the file of an open photo is gone when it is needed again: it is named, and keeps its place', async () => {
    for (const file of filesIn(host.home).filter((path) => statSync(path).size === bytes.length))
      rmSync(file);
    process.kill(engineOf(host), 'SIGKILL');
    const alert = page.getByRole('alert').filter({ hasText: 'first.png' });
    await expect(alert).toContainText('it is not there any more');
    await expect(photos()).toHaveCount(2);
    await editor.drop({ name: 'first.png', bytes });
    await expect(alert).toHaveCount(0);
    await expect(photos()).toHaveCount(2);
    await expect(editor.field('Scale factor')).toHaveValue('8');
    await editor.sharp();
  });
});

test('the engine dies while parts are hidden and recovered: the test begins once more', async ({ page }) => {
  test.skip(process.platform === 'win32', 'processes are found by their parents');
  // Of its own: one on which engines die too often in a minute is not trusted with its photos any more.
  const host = await startHost();
  try {
    const editor = new EditorPage(page);
    await page.goto(host.address);
    await editor.openSample();
    await editor.surface.focus();
    await page.keyboard.press('q');
    const dialog = page.getByRole('dialog', { name: 'Hide and recover' });
    await dialog.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(dialog.getByRole('progressbar')).toBeVisible();
    const dead = engineOf(host);
    process.kill(dead, 'SIGKILL');
    await expect(() => expect(engineOf(host)).not.toBe(dead)).toPass(); // for a moment there is none
    await expect(dialog.getByRole('progressbar')).toBeVisible();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(dialog.getByRole('button', { name: 'Test', exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
  } finally {
    await host.close();
  }
});
