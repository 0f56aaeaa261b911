import { utilityProcess } from 'electron';
import type { EngineMessage } from '../shared/contract';
import type { EngineChild } from '../shared/link/engineLink';

const PATIENCE_SECONDS = 3;

function endByForce(pid: number, ended: AbortController): void {
  if (ended.signal.aborted) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** Starts the engine at `path` as a utility process; its own words go to standard error. */
export function spawnEngine(path: string, args: readonly string[] = []): EngineChild {
  const child = utilityProcess.fork(path, [...args], {
    serviceName: 'Enlarger engine',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let failure = '';
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  child.on('error', (type, location) => {
    failure = `${type} in ${location}`;
  });
  return {
    send: (message) => {
      child.postMessage(message);
      return Promise.resolve();
    },
    onMessage: (listener) => child.on('message', (message: EngineMessage) => listener(message)),
    onExit: (listener) =>
      child.once('exit', (code) => listener(failure || `the engine process ended with code ${code}`)),
    end: () => {
      if (child.pid !== undefined) endByForce(child.pid, ended);
    },
    kill: () => {
      const { pid } = child;
      child.kill();
      // It handles that word in JavaScript, which an endless run blocks.
      if (pid !== undefined) setTimeout(() => endByForce(pid, ended), PATIENCE_SECONDS * 1000).unref();
    },
  };
}
