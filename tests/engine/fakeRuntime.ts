import type { Network, RealDevice, Runtime } from '../../src/engine/runtime/runtime';
import type { ModelRef } from '../../src/engine/onnx/modelRef';
import { raster, type Raster } from '../../src/engine/kernels/raster';

export type Behaviour = (input: Raster, output: { width: number; height: number }) => Raster;

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

  constructor(readonly behaviours: Partial<Record<RealDevice, Behaviour>> = { cpu: correct }) {}

  get devices(): RealDevice[] {
    return Object.keys(this.behaviours) as RealDevice[];
  }

  probe(device: RealDevice): Promise<void> {
    return this.absent.has(device) ? Promise.reject(new Error('No supported adapters')) : Promise.resolve();
  }

  open(model: ModelRef, device: RealDevice): Promise<Network> {
    this.opened.push(`${model.method} on ${device}`);
    return Promise.resolve({
      inputs: [],
      outputs: [],
      evaluate: () => Promise.reject(new Error('the fake runtime has networks of one input alone')),
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
