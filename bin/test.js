/**
 * `npm test`: builds, runs the tests of the rooms (vitest) and those of the whole app in Chromium
 * (Playwright), and ends with one line `N passed, N failed`. Sets up the browser where there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, ROOT } from './build.js';
import { provideChromium } from './chromium.js';
import { findElectron, hasScreen, isRootOnLinux } from './electronRuntime.js';

/** @typedef {{ passed: number, failed: number }} Counts */

const FLAKY = join(ROOT, 'bin/flakyReporter.js');
const reports = mkdtempSync(join(tmpdir(), 'enlarger-tests-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

/**
 * Runs a test runner with its words on the screen.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {number | null} its status
 */
function run(args, environment = {}) {
  const options = /** @type {const} */ ({ cwd: ROOT, stdio: 'inherit' });
  return spawnSync(process.execPath, args, { ...options, env: { ...process.env, ...environment } }).status;
}

/**
 * A run that broke off counts as a failure even where no test failed.
 * @param {number | null} status
 * @param {string} report
 * @param {(report: any) => Counts} read
 * @returns {Counts}
 */
function count(status, report, read) {
  const counts = existsSync(report)
    ? read(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0 };
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @returns {Counts} */
function testRooms() {
  const report = join(reports, 'vitest.json');
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const status = run([
    vitest,
    'run',
    '--reporter=default',
    `--reporter=${FLAKY}`,
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  return count(status, report, (found) => {
    // A file that could not be loaded has no tests, and is one failure.
    const broken = found.testResults.filter(
      (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    return { passed: found.numPassedTests, failed: found.numFailedTests + broken.length };
  });
}

/** @returns {string | undefined} why the tests of the desktop app do not run here */
function whyNoDesktopTests() {
  if (findElectron() === undefined)
    return "Electron's runtime is not installed (npx install-electron fetches it)";
  if (!hasScreen()) return 'there is no screen (xvfb-run npm test gives one)';
  if (isRootOnLinux()) return "Electron's sandbox does not run as root";
  return undefined;
}

/** @returns {Counts} */
function testApp() {
  const browser = provideChromium();
  if (browser === undefined) {
    console.error(
      'Expected Chromium for the tests of the app, found none and could not install it: apt install chromium (or npx playwright install chromium), or name one in CHROME_PATH.',
    );
    return { passed: 0, failed: 1 };
  }
  const skipped = whyNoDesktopTests();
  if (skipped !== undefined) console.log(`Skipped: the tests of the desktop app, because ${skipped}.`);
  const report = join(reports, 'playwright.json');
  const playwright = join(ROOT, 'node_modules/@playwright/test/cli.js');
  const status = run([playwright, 'test', '--reporter=list,json'], {
    CHROME_PATH: browser,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return count(status, report, ({ stats, errors }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + (status !== 0 && stats.unexpected === 0 ? errors.length : 0),
  }));
}

const all = build() ? [testRooms(), testApp()] : [{ passed: 0, failed: 1 }];
const passed = all.reduce((sum, counts) => sum + counts.passed, 0);
const failed = all.reduce((sum, counts) => sum + counts.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
