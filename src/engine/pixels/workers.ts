import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { area } from '../../shared/geometry';
import type { SpentBuffers } from './spentBuffers';
import type { MapOrder, WithMap } from './inventionMap';
import { finishedBytes, type Finish, type Finished, type FinishKind, type Into } from './finish';
import { movable, type PixelAnswer, type PixelOrder } from './messages';
import type { Enlarging, MethodOutput } from './enlarging';
import type { Pixels } from './pixels';
import type { complete, interpolate, projectConsistent } from './operations';
import type { CellPicture } from './separable';
import type { Window } from '../kernels/window';
import type { KernelName } from '../kernels/resample/kernels';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

type OrderBody = PixelOrder extends infer Order ? (Order extends unknown ? Omit<Order, 'id'> : never) : never;

/** One worker thread and what it has been asked. */
class PixelWorker {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;

  constructor(entry: URL, buffers: SpentBuffers, onEnd: (ended: PixelWorker) => void) {
    // No NODE_OPTIONS and no flags: the thread computes and does nothing else.
    this.worker = new Worker(entry, { env: {}, execArgv: [] });
    this.worker.unref();
    this.worker.on('message', (answer: PixelAnswer) => {
      const { resolve, reject } = this.waiting.get(answer.id)!;
      this.waiting.delete(answer.id);
      if (this.waiting.size === 0) this.worker.unref();
      if ('error' in answer) {
        reject(answer.error);
        return;
      }
      if (answer.spent?.buffer instanceof ArrayBuffer) buffers.give(answer.spent.buffer);
      resolve(answer.result);
    });
    const end = (error: Error): void => {
      onEnd(this);
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
    this.worker.on('error', end);
    this.worker.on('exit', (code) => end(new Error(`the pixel worker ended with exit code ${code}`)));
  }

  get busy(): number {
    return this.waiting.size;
  }

  ask(body: OrderBody): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.worker.postMessage({ ...body, id }, [...movable(body)]); // throws where memory was given away before
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/**
 * Pixel work beside the thread whose event loop a running network blocks: while one tile is computed, the
 * one before is coloured and quantised. Workers start when first needed; one that ends is replaced.
 */
export class PixelWorkers implements Pixels {
  private readonly workers = new Set<PixelWorker>();

  /** `entry` is a module that calls `servePixels` on its parent port when it runs as a worker. */
  constructor(
    private readonly entry: URL,
    private readonly buffers: SpentBuffers,
    private readonly most = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))),
    private readonly mostAlone = Math.max(most, Math.min(4, availableParallelism())),
  ) {}

  complete<K extends FinishKind>(
    result: MethodOutput,
    enlarging: Enlarging,
    finish: Finish<K>,
  ): Promise<Finished[K]> {
    const into = this.memoryFor(enlarging, finish);
    const given: Parameters<typeof complete> = [result, enlarging, finish, into];
    return this.least().ask({ operation: 'complete', given }) as Promise<Finished[K]>;
  }

  completeCells<K extends FinishKind>(
    picture: CellPicture,
    base: MethodOutput['base'],
    enlarging: Enlarging,
    finish: Finish<K>,
  ): Promise<Finished[K]> {
    const given: [CellPicture, MethodOutput['base'], Enlarging, Finish] = [picture, base, enlarging, finish];
    // No network runs meanwhile: all cores are free for it.
    return this.least(this.mostAlone).ask({ operation: 'cells', given }) as Promise<Finished[K]>;
  }

  interpolate<K extends FinishKind>(
    enlarging: Enlarging,
    kernel: KernelName,
    finish: Finish<K>,
  ): Promise<Finished[K]> {
    const into = this.memoryFor(enlarging, finish);
    const given: Parameters<typeof interpolate> = [enlarging, kernel, finish, into];
    return this.least().ask({ operation: 'interpolate', given }) as Promise<Finished[K]>;
  }

  project<K extends FinishKind>(
    enlarged: Window<'output'>,
    enlarging: Enlarging,
    finish: Finish<K>,
  ): Promise<Finished[K]> {
    const into = this.memoryFor(enlarging, finish);
    const given: Parameters<typeof projectConsistent> = [enlarged, enlarging, finish, into];
    return this.least().ask({ operation: 'project', given }) as Promise<Finished[K]>;
  }

  map<K extends FinishKind>(
    enlarged: Window<'output'>,
    order: MapOrder,
    finish: Finish<K>,
  ): Promise<WithMap<K>> {
    const given: [Window<'output'>, MapOrder, Finish] = [enlarged, order, finish];
    return this.least().ask({ operation: 'map', given }) as Promise<WithMap<K>>;
  }

  reuse({ buffer }: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): void {
    this.buffers.give(buffer);
  }

  async close(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close()));
  }

  /** Memory of an earlier result, for a tile that lies for a file. */
  private memoryFor({ source, output }: Enlarging, finish: Finish): Into {
    const length = finishedBytes(finish, source.pixels.channels, area(output));
    return length === undefined ? undefined : this.buffers.takeKept(length);
  }

  /** The worker with the least to do; a new one where all are busy and there may be more. */
  private least(most = this.most): PixelWorker {
    let least: PixelWorker | undefined;
    for (const worker of this.workers) if (!least || worker.busy < least.busy) least = worker;
    if (least && (least.busy === 0 || this.workers.size >= most)) return least;
    const fresh = new PixelWorker(this.entry, this.buffers, (ended) => this.workers.delete(ended));
    this.workers.add(fresh);
    return fresh;
  }
}
