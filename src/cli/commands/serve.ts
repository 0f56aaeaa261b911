import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../../shared/faults';
import { readWhole } from '../optionValues';

const HOST = new URL('../host/index.js', import.meta.url);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the local host as a child, passes signals on to it, and ends with its status (128 + n where signal n
 * ended it). Outside Windows the host has a process group of its own, so that Ctrl-C reaches it once, through
 * here; its standard input is a pipe of ours, whose end tells it should this process vanish.
 */
export async function serve(options: { readonly port?: string; readonly open: boolean }): Promise<number> {
  const port =
    options.port === undefined ? [] : ['--port', String(readWhole('--port', options.port, 0, 65_535))];
  const script = fileURLToPath(HOST);
  if (!existsSync(script)) {
    throw new FaultError('not-found', `Expected the built host at ${script}; run "npm run build".`);
  }
  const windows = process.platform === 'win32';
  const child = spawn(process.execPath, [script, ...port, ...(options.open ? [] : ['--no-open'])], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: !windows,
  });
  // On Windows the console itself tells every process in it.
  const forward = (signal: NodeJS.Signals): unknown => windows || child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward);
  }
}
