import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holdLock } from './lock.js';

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the build reads, and the file that it writes last. */
const SOURCES = ['src', 'electron.vite.config.ts', 'package.json'];
const BUILT = ['out/main/index.js', 'out/cli/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

const BUILDER = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');

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
  return oldest > 0 && SOURCES.every((path) => changedAt(join(ROOT, path)) <= oldest);
}

/**
 * Builds everything into `out`. Its words go to standard error, as standard output is the caller's.
 * @returns {boolean} whether that worked; what did not is on standard error
 */
export function build() {
  const args = [BUILDER, 'build', '--logLevel', 'warn'];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] }).status === 0;
}

/**
 * Builds where `out` is missing or older than the sources. Of several starts at once one builds and the others
 * wait for it. Without the sources, or without the builder (an installation without the development packages), what
 * is built is taken as it is.
 * @returns {boolean} whether there is a build to run; why not is on standard error
 */
export function ensureBuilt() {
  if (isBuilt()) return true;
  if (!existsSync(BUILDER) || !existsSync(join(ROOT, 'src'))) {
    if (existsSync(join(ROOT, 'out/cli/index.js'))) return true;
    console.error(`error: Expected Enlarger to be built or installed; run "npm install" in ${ROOT}.`);
    return false;
  }
  const release = holdLock(join(ROOT, 'node_modules/.enlarger-build.lock'), () =>
    console.error('Waiting for another start of Enlarger to finish building.'),
  );
  try {
    if (isBuilt()) return true;
    console.error('Building Enlarger (this once, and after its sources change).');
    if (build()) return true;
  } finally {
    release();
  }
  console.error(`error: Enlarger could not be built in ${ROOT}; the lines above say why.`);
  return false;
}
