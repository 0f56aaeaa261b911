import { Worker } from 'node:worker_threads';
import type { Size } from '../../shared/geometry';
import type { Samples } from '../kernels/metrics/samples';
import { LumaSimilarity, type LumaFigures } from '../kernels/metrics/lumaSimilarity';
import type { SimilarityAnswer, SimilarityTask } from './similarityTask';

/** SSIM of luma from strips, wherever it is computed. */
export interface SimilarityMeasure {
  /** Takes the next rows over, with their memory; resolves when more may be given. */
  add(reference: Samples, result: Samples): Promise<void>;
  /** Once all rows were given. */
  found(): Promise<LumaFigures>;
  close(): void;
}

/** `part`: the size of what is measured. */
export type OpenSimilarity = (part: Size, withMultiScale: boolean) => SimilarityMeasure;

/** On the calling thread. */
export const similarityInPlace: OpenSimilarity = (part, withMultiScale) => {
  const meter = new LumaSimilarity(part, withMultiScale);
  return {
    add: (reference, result) => {
      meter.add(reference, result);
      return Promise.resolve();
    },
    found: () => Promise.resolve(meter.found),
    close: () => undefined,
  };
};

/** Below, a thread takes longer to start than to compute. */
const THREAD_FROM_PIXELS = 1 << 20;
/** Strips that wait for the thread: one while another is computed, so that memory stays as it is. */
const WAITING_MAX = 1;

/** Beside the thread that reads and unpacks, where the pictures are large; `entry` runs `serveSimilarity` as a worker. */
export const similarityOn =
  (entry: URL): OpenSimilarity =>
  (part, withMultiScale) =>
    part.width * part.height < THREAD_FROM_PIXELS
      ? similarityInPlace(part, withMultiScale)
      : new SimilarityThread(entry, { similarity: { part, withMultiScale } });

class SimilarityThread implements SimilarityMeasure {
  private readonly worker: Worker;
  private given = 0;
  private taken = 0;
  private figures: LumaFigures | undefined;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(entry: URL, task: SimilarityTask) {
    // No NODE_OPTIONS and no flags: the thread computes and does nothing else.
    this.worker = new Worker(entry, { workerData: task, env: {}, execArgv: [] });
    this.worker.on('message', (answer: SimilarityAnswer) => {
      if (answer.is === 'taken') this.taken += 1;
      else this.figures = answer.figures;
      this.wake();
    });
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', (code) => this.end(new Error(`the thread of SSIM ended with exit code ${code}`)));
  }

  async add(reference: Samples, result: Samples): Promise<void> {
    this.given += 1;
    const memory = [reference.values.buffer, result.values.buffer] as ArrayBuffer[];
    this.worker.postMessage({ reference, result }, [...new Set(memory)]);
    await this.until(() => this.given - this.taken <= WAITING_MAX);
  }

  async found(): Promise<LumaFigures> {
    this.worker.postMessage(null);
    await this.until(() => this.figures !== undefined);
    return this.figures!;
  }

  close(): void {
    void this.worker.terminate();
  }

  private end(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  /** One asks at a time. */
  private async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
