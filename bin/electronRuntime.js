import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build.js';

/** How long the place of the download may take to answer, and the download itself. */
const ANSWER_SECONDS_MAX = 5;
const DOWNLOAD_SECONDS_MAX = 600;

/**
 * Electron's program, if it is installed. Never asks the `electron` package itself, which would try to
 * download it, without a time limit.
 * @returns {string | undefined} its path
 */
export function findElectron() {
  const folder = join(ROOT, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  const program = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

/** @returns {Promise<boolean>} whether the place that Electron is downloaded from answers at all */
async function answers() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror;
  try {
    const signal = AbortSignal.timeout(ANSWER_SECONDS_MAX * 1000);
    await fetch(mirror ?? 'https://github.com', { method: 'HEAD', redirect: 'manual', signal });
    return true;
  } catch {
    return false;
  }
}

/**
 * Downloads Electron's program, once, with its own installer (which has no time limit of its own, hence
 * these two). npm leaves this to the first start; we do it while installing.
 * @returns {Promise<string | undefined>} its path; undefined: it cannot be had
 */
export async function fetchElectron() {
  if (!(await answers())) return undefined;
  console.error("Fetching Electron's runtime (some 120 MB, this once).");
  const installer = join(ROOT, 'node_modules/electron/install.js');
  const options = /** @type {const} */ ({ cwd: ROOT, timeout: DOWNLOAD_SECONDS_MAX * 1000, stdio: 'ignore' });
  spawnSync(process.execPath, [installer], options);
  return findElectron();
}

/** @returns {boolean} whether there is a screen to show a window on */
export function hasScreen() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** @returns {boolean} whether Electron's sandbox, which is not to be switched off, refuses this user */
export const isRootOnLinux = () => process.platform === 'linux' && process.getuid?.() === 0;
