import type { Device } from '../../shared/contract';
import type { Raster } from '../raster';

/** A device that can be run on, as opposed to the wish `auto`. */
export type RealDevice = Exclude<Device, 'auto'>;

/** A model file on disk and what its bytes must add up to. */
export interface ModelRef {
  /** The method it belongs to, for sentences. */
  readonly method: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A loaded network on one device. */
export interface Network {
  /**
   * One picture in, one out; blocks the event loop for as long as the device computes.
   * `output` is the size that the caller expects; another one makes the run fail. The result is written
   * into `into`, where that is given.
   */
  run(
    input: Raster,
    output: { width: number; height: number },
    into?: Float32Array<ArrayBuffer>,
  ): Promise<Raster>;
  release(): Promise<void>;
}

/** The inference runtime as the engine sees it; `session.ts` is the real one, tests bring their own. */
export interface Runtime {
  readonly version: string;
  /** Devices that this build of the runtime has code for, the CPU first; not all need be present. */
  readonly devices: readonly RealDevice[];
  /** Resolves where the device is present, rejects with the runtime's own words where not. */
  probe(device: RealDevice): Promise<void>;
  open(model: ModelRef, device: RealDevice): Promise<Network>;
}
