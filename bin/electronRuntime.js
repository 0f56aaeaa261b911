import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build.js';

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

/** @returns {boolean} whether there is a screen to show a window on */
export function hasScreen() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** @returns {boolean} whether Electron's sandbox, which is not to be switched off, refuses this user */
export const isRootOnLinux = () => process.platform === 'linux' && process.getuid?.() === 0;
