import { fstatSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { version } from '../../package.json';
import { startChildEngine } from '../childEngine/childEngine';
import { openBrowser } from './browser';
import { startHost } from './server';
import { readPageFiles } from './static';

/**
 * The browser door: `node out/host/index.js [--port N] [--no-open]`. Prints its address on one line of
 * standard output and runs until SIGINT, SIGTERM, or the end of a piped standard input (its parent's).
 */
const PAGE = fileURLToPath(new URL('../renderer/', import.meta.url)).replace(/[/\\]$/, '');

/** Closing takes milliseconds; what takes longer hangs. */
const CLOSE_SECONDS_MAX = 5;

/** Ends with one sentence: 2 for a wrong call, 1 for all else. */
function fail(sentence: string, status: 1 | 2): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(status);
}

function readArguments(): { port: number; open: boolean } {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string', default: '0' }, 'no-open': { type: 'boolean', default: false } },
    });
    const port = /^\d+$/.test(values.port) ? Number(values.port) : -1;
    if (port < 0 || port > 65535) {
      throw new Error(
        `Expected a whole number from 0 (any free port) to 65535 after --port, received ${values.port}.`,
      );
    }
    return { port, open: !values['no-open'] };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 2);
  }
}

function explain(error: unknown, port: number): string {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return `Expected port ${port} to be free, but another program uses it; choose another with --port, or leave it out.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function standardInputIsPiped(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isSocket();
  } catch {
    return false; // standard input is closed
  }
}

/** A terminal or /dev/null says nothing about a parent; a pipe that ends does. */
function watchParent(end: () => void): void {
  if (!standardInputIsPiped()) return;
  process.stdin.on('end', end).on('error', end).resume();
}

const { port, open } = readArguments();
try {
  const host = await startHost({
    pageFiles: await readPageFiles(PAGE),
    spawnEngine: startChildEngine,
    port,
    version,
    tell: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  let ending = false;
  // Ctrl-C may come twice, from the terminal and from a parent that passes it on: the first one counts.
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), CLOSE_SECONDS_MAX * 1000).unref();
    void host.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  watchParent(end);
  process.stdout.write(`${host.address}\n`);
  if (open) openBrowser(host.address);
} catch (error) {
  fail(explain(error, port), 1);
}
