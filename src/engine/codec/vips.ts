import vips, { type Create, type Sharp, type SharpInput, type SharpOptions } from 'sharp';

/** A picture's file may be written again under its own name: libvips must not answer from memory. */
vips.cache(false);

/** Listeners to the warnings of every pipeline, see `withWarnings`. */
const watchers = new Set<(warning: string) => void>();

const isBlank = (input: object | string): input is { create: Create } =>
  typeof input === 'object' && Object.hasOwn(input, 'create');

/**
 * A pipeline of libvips. Warnings wait in one queue of the whole process and are handed to whichever pipeline
 * ends first: so every pipeline made here passes on what it is handed.
 */
export function sharp(
  input: SharpInput | SharpInput[] | { create: Create },
  options: SharpOptions = {},
): Sharp {
  const pipeline = isBlank(input) ? vips(input) : vips(input as SharpInput, options);
  return pipeline.on('warning', (warning: string) => {
    for (const watcher of watchers) watcher(warning);
  });
}

/** Runs `work` and gives its value with the warnings of all pipelines meanwhile: its own, and perhaps others'. */
export async function withWarnings<T>(work: () => Promise<T>): Promise<{ value: T; warnings: string[] }> {
  const warnings: string[] = [];
  const watcher = (warning: string): void => void warnings.push(warning.trim());
  watchers.add(watcher);
  try {
    return { value: await work(), warnings };
  } finally {
    watchers.delete(watcher);
  }
}

export const versions = vips.versions;

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
