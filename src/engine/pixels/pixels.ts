import type { KernelName } from '../resample/kernels';
import { complete, interpolate, type Enlarging, type Made } from './operations';
import type { Finish, Finished, FinishKind } from './finish';

/** Where work on pixels is done: in place, or by workers beside the thread that runs networks. */
export interface Pixels {
  complete<K extends FinishKind>(made: Made, enlarging: Enlarging, finish: Finish<K>): Promise<Finished[K]>;
  interpolate<K extends FinishKind>(
    enlarging: Enlarging,
    kernel: KernelName,
    finish: Finish<K>,
  ): Promise<Finished[K]>;
  close(): Promise<void>;
}

/** On the calling thread. */
export const pixelsInPlace: Pixels = {
  complete: async (made, enlarging, finish) => complete(made, enlarging, finish),
  interpolate: async (enlarging, kernel, finish) => interpolate(enlarging, kernel, finish),
  close: async () => undefined,
};
