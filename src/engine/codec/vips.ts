import sharp from 'sharp';

/** A picture's file may be written again under its own name: libvips must not answer from memory. */
sharp.cache(false);

/**
 * Every sharp call that works through pixels holds one thread of libuv's pool (4 by default) until it is
 * done, and file reads need a thread too: so at most this many at once.
 */
const TURNS = 3;

let running = 0;
const queue: (() => void)[] = [];

/** Runs `work` when a turn is free; throws the signal's reason where it was aborted while waiting. */
export async function withTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  if (running >= TURNS) await waitForTurn(signal);
  else running += 1;
  try {
    return await work();
  } finally {
    // The turn passes on without being counted down: nobody can take it in between.
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  }
}

function waitForTurn(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = (): void => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      queue.splice(queue.indexOf(begin), 1);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', leave, { once: true });
    queue.push(begin);
  });
}

export { sharp };
