import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EngineMessage } from '../shared/contract';
import { FaultError } from '../shared/faults';
import type { EngineChild } from '../shared/link/engineLink';

const TAIL_CHARACTERS = 4000;
/** What an engine that still listens takes to go in order; one that does not is ended after it. */
const PATIENCE_SECONDS = 3;

/** The built engine; this file is built one folder below `out`, in whichever chunk it lands. */
const ENGINE = fileURLToPath(new URL('../engine/index.js', import.meta.url));

export interface ChildEngineOptions {
  /** The engine's module. */
  readonly path?: string;
  /** A process group of its own: Ctrl-C reaches the door alone, which then stops jobs in order. */
  readonly ownGroup?: boolean;
}

/**
 * Starts the engine as a Node child process in this one's working folder, so that relative paths mean the same
 * to both. What its libraries say (a graphics loader that looks for drivers, say) is kept for the reason of
 * its end and shown nowhere else: standard output belongs to results. It never outlives this process.
 * Throws `engine-lost` where the engine is not built.
 */
export function startChildEngine({ path = ENGINE, ownGroup = false }: ChildEngineOptions = {}): EngineChild {
  if (!existsSync(path)) {
    throw new FaultError('engine-lost', `Expected the built engine at ${path}; run "npm run build".`);
  }
  const child = fork(path, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: ownGroup && process.platform !== 'win32',
  });
  let tail = '';
  const lastWords = Promise.all(
    [child.stdout, child.stderr].map(async (stream) => {
      stream?.on('data', (chunk: Buffer) => {
        tail = (tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
      });
      if (stream) await once(stream, 'close');
    }),
  );

  // SIGTERM is handled in the engine's JavaScript, which a running network or an endless loop blocks.
  const endByForce = (): void => void child.kill('SIGKILL');
  process.once('exit', endByForce);
  child.once('exit', () => process.off('exit', endByForce));

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
      // Not its `close`, which does not come where the connection was ended from here.
      child.once('exit', (code, signal) => {
        void lastWords.then(() => tell(`the engine process ended with ${signal ?? `code ${code ?? '?'}`}`));
      });
    },
    end: endByForce,
    kill: () => {
      // The end of the connection is its word to go: it then takes its temporary files along.
      if (child.connected) child.disconnect();
      setTimeout(endByForce, PATIENCE_SECONDS * 1000).unref();
    },
  };
}
