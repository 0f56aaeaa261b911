import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { EditorPage } from './editorPage';
import { startHost, type Host } from './host';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Entry {
  readonly origin: string;
  readonly state: StorageState;
}

/** The quickest method is there for every test that does not choose its own, whatever the one before chose. */
async function chooseBicubic(page: Page): Promise<void> {
  const bicubic = page.getByRole('radio', { name: /^Bicubic/ });
  await expect(bicubic).toBeVisible();
  if ((await bicubic.getAttribute('aria-checked')) === 'true') return;
  await bicubic.click();
  await expect(bicubic).toHaveAttribute('aria-checked', 'true');
}

/**
 * `editor`: the editor in a fresh window, connected to one host that all tests of a worker share. After each
 * test the console must have stayed silent.
 */
export const test = base.extend<{ editor: EditorPage }, { host: Host; entry: Entry }>({
  host: [
    async ({}, use) => {
      const host = await startHost();
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],
  /** The token opens the page once: the cookie that it leaves is carried into every window. */
  entry: [
    async ({ host, browser }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(host.address);
      await chooseBicubic(page);
      const state = await context.storageState();
      const { origin } = new URL(host.address);
      await context.close();
      await use({ origin, state });
    },
    { scope: 'worker' },
  ],
  editor: async ({ entry, page, context }, use) => {
    await context.addCookies(entry.state.cookies);
    const editor = new EditorPage(page);
    await page.goto(entry.origin);
    await chooseBicubic(page);
    await use(editor);
    expect(editor.complaints).toEqual([]);
  },
});

/** For what moves, fades or blinks, and for a visit as most people have it: all other tests run without motion. */
export const withMotion = { contextOptions: { reducedMotion: 'no-preference' } } as const;

export { expect };
