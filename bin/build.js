import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the build reads, and the file that it writes last. */
const SOURCES = ['src', 'electron.vite.config.ts', 'package.json'];
const BUILT = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/**
 * When the newest file at `path`, or in it, was changed.
 * @param {string} path
 * @returns {number} milliseconds since 1970; 0 where there is nothing
 */
function changedAt(path) {
  const state = statSync(path, { throwIfNoEntry: false });
  if (state === undefined) return 0;
  if (!state.isDirectory()) return state.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, changedAt(join(path, name))), 0);
}

/** @returns {boolean} whether `out` is whole and no older than what it is made from */
export function isBuilt() {
  const oldest = Math.min(...BUILT.map((path) => changedAt(join(ROOT, path))));
  return SOURCES.every((path) => changedAt(join(ROOT, path)) <= oldest);
}

/** Builds everything into `out`. @returns {boolean} whether that worked; what did not is on standard error */
export function build() {
  const electronVite = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
  const args = [electronVite, 'build', '--logLevel', 'warn'];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status === 0;
}
