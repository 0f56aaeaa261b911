import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineMessage } from '../shared/contract';
import type { EngineChild } from '../shared/link/engineLink';

/** The built engine, beside the built host. */
const ENGINE = fileURLToPath(new URL('../engine/index.js', import.meta.url));

/** Starts the engine as a child process; its own words go to standard error. */
export function spawnEngine(path: string = ENGINE): EngineChild {
  const child = fork(path, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
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
        listener(reason);
      };
      child.once('error', (error) => tell(`the engine process failed: ${error.message}`));
      child.once('exit', (code, signal) => tell(`the engine process ended with ${signal ?? `code ${code}`}`));
    },
    kill: () => child.kill(),
  };
}
