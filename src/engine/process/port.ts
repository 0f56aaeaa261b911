import type { EngineMessage } from '../../shared/contract';
import type { EnginePort } from './server';

/** What Electron gives a utility process; typed as always there, absent in a plain child process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

function utilityPort(parent: ParentPort): EnginePort {
  return {
    send(message) {
      parent.postMessage(message);
      return Promise.resolve();
    },
    onMessage: (listener) => void parent.on('message', ({ data }) => listener(data)),
  };
}

type Send = (
  message: EngineMessage,
  handle: undefined,
  options: undefined,
  taken: (error: Error | null) => void,
) => boolean;

function childPort(send: Send): EnginePort {
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        send(message, undefined, undefined, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    onMessage: (listener) => void process.on('message', listener),
  };
}

/**
 * The port to whoever started this process: an Electron utility process's parent, or a Node parent that
 * forked it with `serialization: 'advanced'`. `onGone` is called when that one is no more.
 */
export function processPort(onGone: () => void): EnginePort {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) return utilityPort(parentPort); // Electron ends the process with its parent
  if (!process.send) {
    throw new Error(
      'The engine is started by a door (the application, enlarger serve, enlarger), not by hand.',
    );
  }
  process.on('disconnect', onGone);
  return childPort(process.send.bind(process) as Send);
}
