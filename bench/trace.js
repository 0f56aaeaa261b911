import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** The environment of an engine that loads a module which watches its runtime. */
export const watchedBy = (module, tracePath) => ({
  ENLARGER_BENCH_TRACE: tracePath,
  NODE_OPTIONS: `--import ${new URL(module, import.meta.url).href}`,
});

/** What the watched engine noted since the last time; it stays at `tracePath`. */
export async function takeTrace(engine, tracePath) {
  rmSync(tracePath, { force: true });
  engine.child.kill('SIGUSR2');
  while (!existsSync(tracePath)) await wait(10);
  return JSON.parse(readFileSync(tracePath, 'utf8'));
}

/** The runs of a trace again with nothing around them (bareRuns.mjs): their milliseconds, of clock and processor. */
export async function runBare(tracePath, ...how) {
  const child = fork(new URL('bareRuns.mjs', import.meta.url), [tracePath, ...how]);
  const failed = once(child, 'exit').then(() => {
    throw new Error(`expected the runs of ${tracePath} to be repeated, but their process ended`);
  });
  failed.catch(() => undefined); // it ends after its message, too
  const [taken] = await Promise.race([once(child, 'message'), failed]);
  return taken;
}
