import type { MessagePort } from 'node:worker_threads';
import { carryOutTask, type CodecTask } from './task';

/** Carries out the task that a thread was made for, and answers. */
export async function serveCodecTask(port: MessagePort, task: CodecTask): Promise<void> {
  port.postMessage(await carryOutTask(task));
}
