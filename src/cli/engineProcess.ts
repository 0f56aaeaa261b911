import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../shared/faults';
import type { EngineChild } from '../shared/link/engineLink';

const TAIL_CHARACTERS = 4000;
const PATIENCE_SECONDS = 5;

/** The built engine; this file is built one folder below `out`, in whichever chunk it lands. */
const ENGINE = new URL('../engine/index.js', import.meta.url);

/**
 * Starts the engine as a child process in this one's working folder, so that relative paths mean the same
 * to both and sentences name files as the user typed them. The engine's own words (standard output and error) are kept for the reason
 * of its end and shown nowhere else: standard output belongs to results.
 * Throws `engine-lost` where the engine is not built.
 */
export function forkEngine(): EngineChild {
  const script = fileURLToPath(ENGINE);
  if (!existsSync(script)) {
    throw new FaultError('engine-lost', `Expected the built engine at ${script}; run "npm run build".`);
  }
  const child = fork(script, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    // A process group of its own: Ctrl-C reaches the command line alone, which then stops jobs in order.
    detached: process.platform !== 'win32',
  });
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);

  const killNow = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killNow);

  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        child.send(message, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    onMessage: (listener) => child.on('message', (message) => listener(message as never)),
    onExit: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (told) return;
        told = true;
        process.off('exit', killNow);
        listener(reason);
      };
      child.once('error', (error) => tell(error.message));
      child.once('close', (code, signal) => {
        const ended = signal
          ? `the engine was ended by ${signal}`
          : `the engine ended with code ${code ?? '?'}`;
        tell(tail.trim() === '' ? ended : `${ended}\n${tail.trim()}`);
      });
    },
    kill: () => {
      // The end of the connection is its word to go: it then takes its temporary files along.
      if (child.connected) child.disconnect();
      setTimeout(killNow, PATIENCE_SECONDS * 1000).unref();
    },
  };
}
