/**
 * `npm start`: the desktop app; where it cannot run, the same editor in the browser, and why in one line.
 * Builds first where needed. Arguments are photos to open (desktop) or the host's own (--port N, --no-open).
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ROOT } from './build.js';
import { findElectron, hasScreen, isRootOnLinux } from './electronRuntime.js';

/** @returns {{ electron: string } | { reason: string }} Electron's program, or why it cannot run here */
function desktop() {
  if (!hasScreen()) return { reason: 'there is no screen for a window' };
  if (isRootOnLinux()) return { reason: "Electron's sandbox does not run as root" };
  const electron = findElectron();
  return electron
    ? { electron }
    : { reason: "Electron's runtime is not installed (npm install fetches it where it can)" };
}

/**
 * Starts a program that ends with this process (its standard input is a pipe of ours, whose end the host
 * takes as a sign), and ends with its status.
 * @param {string} program
 * @param {string[]} args
 */
function become(program, args) {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['pipe', 'inherit', 'inherit'] });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`Expected to start ${program}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

if (!ensureBuilt()) process.exit(1);
const choice = desktop();
if ('electron' in choice) {
  become(choice.electron, [ROOT, ...process.argv.slice(2)]);
} else {
  console.error(`Enlarger runs in the browser, because ${choice.reason}. Its address, which works once:`);
  become(process.execPath, [join(ROOT, 'out/host/index.js'), ...process.argv.slice(2)]);
}
