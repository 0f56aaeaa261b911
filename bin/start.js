/**
 * `npm start`: the desktop app; where it cannot run, the same editor in the browser, and why in one line.
 * Builds first where needed. Arguments are photos to open (desktop) or the host's own (--port N, --no-open).
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, isBuilt, ROOT } from './build.js';
import { findElectron, hasScreen, isRootOnLinux } from './electronRuntime.js';

/**
 * @param {string | undefined} electron its program
 * @returns {string | undefined} why the desktop app cannot run here; undefined: it can
 */
function whyNotDesktop(electron) {
  if (electron === undefined) return "Electron's runtime is not installed (npx install-electron fetches it)";
  if (!hasScreen()) return 'there is no screen for a window';
  if (isRootOnLinux()) return "Electron's sandbox does not run as root";
  return undefined;
}

/** Starts a program that ends with this one, and ends with its status. @param {string} program @param {string[]} args */
function become(program, args) {
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`Expected to start ${program}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

if (!isBuilt() && !build()) {
  console.error('Enlarger could not be built; the lines above say why.');
  process.exit(1);
}
const electron = findElectron();
const reason = whyNotDesktop(electron);
if (reason === undefined && electron !== undefined) {
  become(electron, [ROOT, ...process.argv.slice(2)]);
} else {
  console.error(`Enlarger opens in the browser, because ${reason}; its address, which works once:`);
  become(process.execPath, [join(ROOT, 'out/host/index.js'), ...process.argv.slice(2)]);
}
