import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './build.js';

/** Where Chromium and its brothers usually are. */
const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A download that takes longer has stalled. */
const INSTALL_SECONDS_MAX = 300;

/**
 * A browser for the tests: the one that CHROME_PATH names, the system's, or Playwright's own.
 * @returns {string | undefined} its path
 */
export function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named) return existsSync(named) ? named : undefined;
  const { chromium } = createRequire(import.meta.url)('@playwright/test');
  return [...USUAL, chromium.executablePath()].find((path) => existsSync(path));
}

/**
 * Runs an installer, with a time limit.
 * @param {string} program
 * @param {string[]} args
 */
function install(program, args) {
  const options = /** @type {const} */ ({ cwd: ROOT, timeout: INSTALL_SECONDS_MAX * 1000, stdio: 'ignore' });
  return spawnSync(program, args, options).status === 0;
}

/**
 * A browser for the tests, installed where there is none: Playwright's own, or as root on Debian its
 * `chromium` package.
 * @returns {string | undefined} its path; undefined: it could not be had
 */
export function provideChromium() {
  const found = findChromium();
  if (found !== undefined || process.env.CHROME_PATH) return found;
  console.error('No Chromium is installed for the tests in the browser; installing it.');
  const playwright = join(ROOT, 'node_modules/@playwright/test/cli.js');
  if (!install(process.execPath, [playwright, 'install', 'chromium', '--no-shell'])) {
    const isRoot = process.getuid?.() === 0;
    if (isRoot && existsSync('/usr/bin/apt-get')) {
      install('apt-get', ['update', '-qq']);
      install('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    }
  }
  return findChromium();
}
