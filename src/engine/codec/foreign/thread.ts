import { Worker } from 'node:worker_threads';
import { carryOutTask, type CodecAnswer, type CodecTask } from './task';

/** What a decoder may take, beside so much for each megabyte of the file: damaged files must not hang it. */
const SECONDS = 60;
const SECONDS_PER_MEGABYTE = 6;
/** JavaScript's own memory in the thread; WebAssembly ends at 4 GiB by itself. */
const HEAP_MIB = 4096;

/** Such a decoder took longer than it may, or its thread ended. */
export class TaskEnded extends Error {}

/**
 * Carries a task out in a thread of its own, which ends with it: whatever the file does to a decoder stays there, and
 * its memory is given back whole. `entry`: a module that calls `serveCodecTask` when it runs as a worker; without one
 * the task is carried out here.
 */
export async function inOwnThread(
  task: CodecTask,
  megabytes: number,
  entry: URL | undefined,
  signal?: AbortSignal,
): Promise<CodecAnswer> {
  if (entry === undefined) return carryOutTask(task);
  signal?.throwIfAborted();
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MIB };
  const worker = new Worker(entry, { workerData: task, env: {}, execArgv: [], resourceLimits });
  const seconds = SECONDS + SECONDS_PER_MEGABYTE * megabytes;
  let leave = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<CodecAnswer>((resolve, reject) => {
      leave = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', leave, { once: true });
      timer = setTimeout(
        () => reject(new TaskEnded(`took longer than ${Math.round(seconds)} seconds`)),
        seconds * 1000,
      );
      worker.once('message', resolve);
      worker.once('error', (error) => reject(new TaskEnded(error.message)));
      worker.once('exit', () => reject(new TaskEnded('ended without an answer')));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
    await worker.terminate();
  }
}
