import { test as base, expect, type BrowserContext } from '@playwright/test';
import * as v from 'valibot';
import { settingsSchema } from '../../src/shared/contract';
import { BrowserTab } from '../doors/browserTab';
import { EditorPage } from './editorPage';
import { startHost, type Host } from './host';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Entry {
  readonly origin: string;
  readonly state: StorageState;
}

/** What every test begins with, whatever the one before chose: the quickest method, and all else as it is at first. */
const SETTINGS = v.parse(settingsSchema, { method: 'bicubic' });

/** Writes down what pages remember between starts, as a page does. */
async function begin({ origin, state }: Entry): Promise<void> {
  const cookie = state.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const tab = await BrowserTab.open(Number(new URL(origin).port), { cookie, origin });
  expect(await tab.call('settings:change', SETTINGS)).toMatchObject({ ok: true });
  tab.socket.close();
  await tab.closed;
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
    await begin(entry);
    await page.goto(entry.origin);
    await use(editor);
    expect(editor.complaints).toEqual([]);
  },
});

/** For what moves, fades or blinks, and for a visit as most people have it: all other tests run without motion. */
export const withMotion = { contextOptions: { reducedMotion: 'no-preference' } } as const;

export { expect };
