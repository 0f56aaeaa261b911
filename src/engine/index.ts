import { setFlagsFromString } from 'node:v8';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { isCodecTask } from './codec/foreign/isCodecTask';
import { isSimilarityTask } from './metrics/similarityTask';
import { isWatchData, watch } from './watch/watchdog';

/**
 * The engine's process, its watchdog, its pixel workers, the thread of SSIM and those of foreign decoders: one file
 * for all, so that wherever the build puts it the engine finds its workers. Only the process loads the runtime and the codec.
 */
if (isMainThread) {
  // ONNX Runtime reports its use to its maker unless told before it is loaded; nothing leaves this machine.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  // The engine's objects are few and its pixels, which lie outside of V8's heap, many: by its usual rule V8 begins to mark
  // the heap every few tiles, which took a third of the time of a window of tiles. Without marking in steps it collects
  // once 64 MB of pixels have come since the last time.
  setFlagsFromString('--no-incremental-marking');
  // What is new in it is a few megabytes, which one thread collects in less processor time than several that wait for each
  // other.
  setFlagsFromString('--no-parallel-scavenge');
  const { start } = await import('./process/start');
  await start(new URL(import.meta.url));
} else if (isWatchData(workerData)) {
  watch(workerData);
} else if (parentPort && isCodecTask(workerData)) {
  const { serveCodecTask } = await import('./codec/foreign/worker');
  await serveCodecTask(parentPort, workerData);
} else if (parentPort && isSimilarityTask(workerData)) {
  const { serveSimilarity } = await import('./metrics/similarityWorker');
  serveSimilarity(parentPort, workerData);
} else if (parentPort) {
  const { servePixels } = await import('./pixels/worker');
  servePixels(parentPort);
}
