import type { KernelName } from '../kernels/resample/kernels';
import type { Enlarging, MethodOutput } from './enlarging';
import { finishWithMap, type MapOrder, type WithMap } from './inventionMap';
import { complete, completeCells, interpolate, projectConsistent } from './operations';
import type { Window } from '../kernels/window';
import type { Finish, Finished, FinishKind } from './finish';
import type { CellPicture } from './separable';

/** Where work on pixels is done: in place, or by workers beside the thread that runs networks. */
export interface Pixels {
  complete<K extends FinishKind>(
    result: MethodOutput,
    enlarging: Enlarging,
    finish: Finish<K>,
  ): Promise<Finished[K]>;
  /** The pixels of a method whose features lie as cells: see `completeCells`. The cells themselves stay whose they are. */
  completeCells<K extends FinishKind>(
    picture: CellPicture,
    base: MethodOutput['base'],
    enlarging: Enlarging,
    finish: Finish<K>,
  ): Promise<Finished[K]>;
  interpolate<K extends FinishKind>(
    enlarging: Enlarging,
    kernel: KernelName,
    finish: Finish<K>,
  ): Promise<Finished[K]>;
  /** Makes an enlargement consistent with the photo: see `projectConsistent`. */
  project<K extends FinishKind>(
    enlarged: Window<'output'>,
    enlarging: Enlarging,
    finish: Finish<K>,
  ): Promise<Finished[K]>;
  /** A tile with the map of what was invented in it: see `finishWithMap`. */
  map<K extends FinishKind>(
    enlarged: Window<'output'>,
    order: MapOrder,
    finish: Finish<K>,
  ): Promise<WithMap<K>>;
  /** Takes the memory of a result that nobody needs any more, for others. */
  reuse(result: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): void;
  close(): Promise<void>;
}

const promiseOf = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()));

/** On the calling thread. */
export const pixelsInPlace: Pixels = {
  complete: (result, enlarging, finish) => promiseOf(() => complete(result, enlarging, finish)),
  completeCells: (picture, base, enlarging, finish) =>
    promiseOf(() => completeCells(picture, base, enlarging, finish)),
  interpolate: (enlarging, kernel, finish) => promiseOf(() => interpolate(enlarging, kernel, finish)),
  project: (enlarged, enlarging, finish) => promiseOf(() => projectConsistent(enlarged, enlarging, finish)),
  map: (enlarged, order, finish) => promiseOf(() => finishWithMap(enlarged, order, finish)),
  reuse: () => undefined,
  close: () => Promise.resolve(),
};
