import type { CodecTask } from './task';

/** Whether a thread was made for a decoder or encoder of another format; loads none of them. */
export const isCodecTask = (data: unknown): data is CodecTask =>
  typeof data === 'object' && data !== null && 'task' in data;
