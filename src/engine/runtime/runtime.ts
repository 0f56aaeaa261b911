import type { Device } from '../../shared/contract';
import type { ModelRef } from '../onnx/modelRef';
import type { Raster } from '../kernels/raster';

/** A device that can be run on, as opposed to the wish `auto`. */
export type RealDevice = Exclude<Device, 'auto'>;

/** Numbers going into a graph or coming out of it; `dims` as its shape. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Whole numbers going into a graph. */
export interface WholeTensor {
  readonly data: Int32Array;
  readonly dims: readonly number[];
}

/** An input or output of a graph as its file declares it; a dimension with a name is free. */
export interface GraphValue {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** A graph with named inputs (openGraph.ts). */
export interface Graph {
  /** One run; gives every output by its name. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<ReadonlyMap<string, Tensor>>;
  release(): Promise<void>;
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
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /**
   * Several named inputs and outputs; blocks as `run` does. Of what is offered the graph takes the inputs
   * that it has; the fault `bad-model` where it wants another. An output with a tensor is written into it and
   * must have its shape; one with null is made by the runtime, which costs a copy.
   */
  evaluate(
    offered: Readonly<Record<string, Tensor | WholeTensor>>,
    outputs: Readonly<Record<string, Tensor | null>>,
  ): Promise<ReadonlyMap<string, Tensor>>;
  release(): Promise<void>;
}

/** The inference runtime as the engine sees it; `onnxRuntime.ts` is the real one, tests bring their own. */
export interface Runtime {
  readonly version: string;
  /** Devices that this build of the runtime has code for, the CPU first; not all need be present. */
  readonly devices: readonly RealDevice[];
  /** Resolves where the device is present, rejects with the runtime's own words where not. */
  probe(device: RealDevice): Promise<void>;
  open(model: ModelRef, device: RealDevice): Promise<Network>;
}
