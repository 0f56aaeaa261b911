import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { watchPage } from './watchPage.js';
import { watchTextures } from './watchTextures.js';

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const PLACES = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  chromium.executablePath(),
];

/** The address that `enlarger serve` prints. */
async function addressOf(host) {
  let said = '';
  for await (const chunk of host.stdout) {
    said += chunk;
    const [address] = ADDRESS.exec(said) ?? [];
    if (address) return address;
  }
  throw new Error(`expected an address from enlarger serve; it ended and said: ${said}`);
}

/** Chromium on this machine; undefined where there is none. */
export const chromiumPath = () => PLACES.find((path) => path && existsSync(path));

/**
 * The editor as its users have it: the built page in headless Chromium, its host and its engine, with a state folder of
 * its own. `use` has the page, with its watches (watchPage.js, watchTextures.js), and the process ids of browser and host.
 */
export async function inChromium(home, { viewport, pixelRatio }, use) {
  const host = spawn(process.execPath, ['bin/enlarger.js', 'serve', '--no-open'], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, ENLARGER_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(host, 'exit');
  const server = await chromium.launchServer({ executablePath: chromiumPath() });
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const context = await browser.newContext({
      viewport,
      deviceScaleFactor: pixelRatio,
      reducedMotion: 'no-preference',
    });
    await context.addInitScript(watchPage);
    await context.addInitScript(watchTextures);
    const page = await context.newPage();
    page.on('worker', (worker) => worker.evaluate(watchTextures));
    await page.goto(await addressOf(host));
    await page.locator('[data-method=bicubic]').waitFor();
    return await use({ page, browserPid: server.process().pid, hostPid: host.pid });
  } finally {
    await server.close();
    host.kill();
    await ended;
  }
}

/** Opens a photo by the page's own file input, and waits for its last tile on screen. */
export async function openPhoto(page, path) {
  await page.locator('.app > input[type=file]').setInputFiles(path);
  await page.waitForFunction(() => globalThis.enlargerBench.isSharp(), undefined, { timeout: 120_000 });
}

/** Takes a method for the photo, and brings the keyboard back to it. */
export async function choose(page, method) {
  await page.locator(`[data-method="${method}"]`).first().click();
  await page.locator('canvas#view').focus();
}
