import { utilityProcess } from 'electron';
import type { EngineMessage } from '../shared/contract';
import type { EngineChild } from '../shared/link/engineLink';

/** Starts the engine at `path` as a utility process; its own words go to standard error. */
export function spawnEngine(path: string, args: readonly string[] = []): EngineChild {
  const child = utilityProcess.fork(path, [...args], {
    serviceName: 'Enlarger engine',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let failure = '';
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
    kill: () => child.kill(),
  };
}
