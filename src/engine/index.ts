import { isMainThread, parentPort } from 'node:worker_threads';

/**
 * The engine's process, and its pixel workers: one file for both, so that wherever the build puts it the
 * engine finds its workers. Only the process loads the runtime and the codec.
 */
if (isMainThread) {
  const { start } = await import('./start');
  await start(new URL(import.meta.url));
} else if (parentPort) {
  const { servePixels } = await import('./pixels/worker');
  servePixels(parentPort);
}
