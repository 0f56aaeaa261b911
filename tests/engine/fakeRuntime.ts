import { basename } from 'node:path';
import type {
  GraphValue,
  ModelRef,
  Network,
  RealDevice,
  Runtime,
  Tensor,
  WholeTensor,
} from '../../src/engine/models/runtime';
import { raster, type Raster } from '../../src/engine/raster';

export type Behaviour = (input: Raster, output: { width: number; height: number }) => Raster;

/** A graph of several inputs: what it declares, and what it does on each device. */
export interface FakeGraph {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  evaluate(
    offered: Readonly<Record<string, Tensor | WholeTensor>>,
    outputs: Readonly<Record<string, Tensor | null>>,
    device: RealDevice,
  ): ReadonlyMap<string, Tensor>;
}

/** Nearest neighbour: the simplest network that a device can get right. */
export const correct: Behaviour = (input, { width, height }) => {
  const output = raster(width, height, input.channels);
  const factor = width / input.width;
  for (let i = 0; i < output.data.length; i++) {
    const x = Math.floor((i % width) / factor);
    const y = Math.floor((Math.floor(i / width) % height) / factor);
    const c = Math.floor(i / (width * height));
    output.data[i] = input.data[(c * input.height + y) * input.width + x]!;
  }
  return output;
};

export const wrong: Behaviour = (input, output) => {
  const result = correct(input, output);
  result.data[result.data.length >> 1]! += 0.1;
  return result;
};

export const throwing =
  (sentence: string): Behaviour =>
  () => {
    throw new Error(sentence);
  };

/** Fails for inputs wider or higher than `side`, as a device with little memory does. */
export const shortOfMemory =
  (side: number): Behaviour =>
  (input, output) => {
    if (Math.max(input.width, input.height) > side) throw new Error('out of memory');
    return correct(input, output);
  };

/** A runtime whose devices behave as told; counts what is loaded and what ran where. */
export class FakeRuntime implements Runtime {
  readonly version = 'fake';
  readonly opened: string[] = [];
  readonly released: string[] = [];
  readonly ran: RealDevice[] = [];
  readonly absent = new Set<RealDevice>();

  /** `graphs` by their file's name; files that are not among them have the behaviours. */
  constructor(
    readonly behaviours: Partial<Record<RealDevice, Behaviour>> = { cpu: correct },
    readonly graphs: Readonly<Record<string, FakeGraph>> = {},
  ) {}

  get devices(): RealDevice[] {
    return Object.keys(this.behaviours) as RealDevice[];
  }

  probe(device: RealDevice): Promise<void> {
    return this.absent.has(device) ? Promise.reject(new Error('No supported adapters')) : Promise.resolve();
  }

  open(model: ModelRef, device: RealDevice): Promise<Network> {
    this.opened.push(`${model.method} on ${device}`);
    const graph = this.graphs[basename(model.path)];
    return Promise.resolve({
      inputs: graph?.inputs ?? [],
      outputs: graph?.outputs ?? [],
      evaluate: async (offered, outputs) => {
        await Promise.resolve();
        if (!graph) throw new Error(`${model.path} is no graph of several inputs`);
        this.ran.push(device);
        return graph.evaluate(offered, outputs, device);
      },
      run: async (input: Raster, output: { width: number; height: number }) => {
        await Promise.resolve();
        this.ran.push(device);
        return this.behaviours[device]!(input, output);
      },
      release: () => {
        this.released.push(`${model.method} on ${device}`);
        return Promise.resolve();
      },
    });
  }
}

export const fakeModel = (method = 'fake', bytes = 1000): ModelRef => ({
  method,
  path: `/nowhere/${method}.onnx`,
  sha256: method,
  bytes,
});
