import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineMessage } from '../shared/contract';
import type { EngineChild } from '../shared/link/engineLink';

/** The built engine, beside the built host. */
const ENGINE = fileURLToPath(new URL('../engine/index.js', import.meta.url));

const TAIL_CHARACTERS = 4000;

/**
 * Starts the engine as a child process. What its libraries say on standard error (a graphics loader that
 * looks for drivers, say) is kept for the reason of its end and shown nowhere else.
 */
export function spawnEngine(path: string = ENGINE): EngineChild {
  const child = fork(path, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
  });
  return {
    send: (message) =>
      new Promise((taken, failed) => {
        child.send(message, (error) => (error ? failed(error) : taken()));
      }),
    onMessage: (listener) => child.on('message', (message) => listener(message as EngineMessage)),
    onExit: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (told) return;
        told = true;
        listener(tail.trim() === '' ? reason : `${reason}\n${tail.trim()}`);
      };
      child.once('error', (error) => tell(`the engine process failed: ${error.message}`));
      child.once('close', (code, signal) =>
        tell(`the engine process ended with ${signal ?? `code ${code}`}`),
      );
    },
    kill: () => child.kill(),
  };
}
