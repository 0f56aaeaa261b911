import { existsSync } from 'node:fs';
import { chromium, defineConfig } from '@playwright/test';

/** A browser that the machine has already, before Playwright's own. */
const browsers = [process.env['CHROME_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];
const executablePath = browsers.find((path) => path !== undefined && existsSync(path));
if (executablePath === undefined && !existsSync(chromium.executablePath())) {
  throw new Error(
    'Expected Chromium for the tests of the app, found none; run `npx playwright install chromium` (or apt install chromium), or name one in CHROME_PATH.',
  );
}
if (!existsSync('out/host/index.js')) {
  throw new Error('Expected the built app in out/, found none; run `npm run build` first.');
}

/** The whole app as its users have it: the built page, the host or the shell, and the engine. */
export default defineConfig({
  testDir: 'tests/app',
  outputDir: 'test-results',
  // A test waits for its processes half of the time: two at once even on two cores, each with an engine of its own.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  // Where one run decides whether something lands, a test that failed once is tried again and named as flaky, so that
  // it is mended; at the desk it fails.
  retries: process.env['CI'] ? 1 : 0,
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    locale: 'en-US',
    // Nothing eases or fades, so that a test waits for what it proves alone; `withMotion` is for those of motion.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: executablePath === undefined ? {} : { executablePath },
  },
  projects: [
    { name: 'chromium', testIgnore: 'electron.spec.ts' },
    { name: 'electron', testMatch: 'electron.spec.ts' },
  ],
});
