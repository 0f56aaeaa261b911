import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { FaultError } from '../../shared/faults';
import { identityModel } from '../onnx/identityModel';
import type { GraphValue, Network, RealDevice, Runtime, Tensor, WholeTensor } from './runtime';
import type { ModelRef } from '../onnx/modelRef';
import { raster, type Raster } from '../kernels/raster';
import { sourceOf } from './modelSource';

/** The only file that knows ONNX Runtime. */

const DEVICE_OF_BACKEND: Readonly<Record<string, RealDevice>> = {
  cpu: 'cpu',
  webgpu: 'webgpu',
  cuda: 'cuda',
  dml: 'dml',
  coreml: 'coreml',
};

function devicesOfThisBuild(): RealDevice[] {
  const found = new Set<RealDevice>(['cpu']);
  for (const { name, bundled } of ort.listSupportedBackends()) {
    const device = DEVICE_OF_BACKEND[name];
    // CUDA counts as not bundled even after its own download: whether it works, a probe tells.
    if (device !== undefined && (bundled || device === 'cuda')) found.add(device);
  }
  return [...found];
}

function sessionOptions(device: RealDevice): ort.InferenceSession.SessionOptions {
  return {
    // NHWC, WebGPU's default, gives wrong results for grouped and some small convolutions.
    executionProviders: [device === 'webgpu' ? { name: 'webgpu', preferredLayout: 'NCHW' } : device],
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: false, // tiles come in several shapes; a pattern a shape only costs memory
    // Threads spin between the parts of a run, not after it: the core is then the pixel workers'.
    extra: { session: { force_spinning_stop: '1' } },
    logSeverityLevel: 4, // what fails is thrown, and says so itself
  };
}

const valueOf = (declared: ort.InferenceSession.ValueMetadata): GraphValue =>
  declared.isTensor
    ? { name: declared.name, type: declared.type, dims: declared.shape }
    : { name: declared.name, type: 'no tensor', dims: [] };

const tensorOf = ({ data, dims }: Tensor | WholeTensor): ort.Tensor =>
  data instanceof Int32Array ? new ort.Tensor('int32', data, dims) : new ort.Tensor('float32', data, dims);

function floatsOf(name: string, { data, dims }: ort.Tensor): Tensor {
  if (data instanceof Float32Array) return { data, dims };
  throw new TypeError(`expected the output ${name} to be of float32`);
}

class OrtNetwork implements Network {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];

  constructor(
    private readonly session: ort.InferenceSession,
    private readonly model: ModelRef,
  ) {
    this.inputs = session.inputMetadata.map(valueOf);
    this.outputs = session.outputMetadata.map(valueOf);
  }

  async run(
    input: Raster,
    output: { width: number; height: number },
    into?: Float32Array<ArrayBuffer>,
  ): Promise<Raster> {
    const [inputName, outputName] = this.ends();
    const { width, height, channels } = input;
    const feeds = { [inputName]: new ort.Tensor('float32', input.data, [1, channels, height, width]) };
    // An output that the caller owns: the runtime writes straight into it, and it can go to a worker.
    const data = into ?? new Float32Array(output.width * output.height * channels);
    const shape = [1, channels, output.height, output.width];
    await this.session.run(feeds, { [outputName]: new ort.Tensor('float32', data, shape) });
    return raster(output.width, output.height, channels, data);
  }

  async evaluate(
    offered: Readonly<Record<string, Tensor | WholeTensor>>,
    outputs: Readonly<Record<string, Tensor | null>>,
  ): Promise<ReadonlyMap<string, Tensor>> {
    const feeds: Record<string, ort.Tensor> = {};
    for (const name of this.session.inputNames) {
      const given = offered[name];
      if (!given) {
        throw this.refusal(`inputs among ${Object.keys(offered).join(', ')}`, `one named ${name}`);
      }
      feeds[name] = tensorOf(given);
    }
    const fetches = Object.entries(outputs).map(([name, into]) => [name, into && tensorOf(into)] as const);
    const fetched = await this.session.run(feeds, Object.fromEntries(fetches));
    return new Map(
      Object.entries(outputs).map(([name, into]): [string, Tensor] => [
        name,
        into ?? floatsOf(name, fetched[name]!),
      ]),
    );
  }

  /** The names of the one input and the one output. */
  private ends(): [string, string] {
    const { inputNames, outputNames } = this.session;
    const [input, output] = [inputNames[0], outputNames[0]];
    if (input !== undefined && output !== undefined && inputNames.length + outputNames.length === 2) {
      return [input, output];
    }
    throw this.refusal('one input and one output', `${inputNames.length} and ${outputNames.length}`);
  }

  private refusal(expected: string, received: string): FaultError {
    const file = basename(this.model.path);
    return new FaultError(
      'bad-model',
      `Expected ${file} of ${this.model.method} to have ${expected}, received ${received}; export it again.`,
      { file },
    );
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

/** Asking the runtime itself would make it complain on the terminal first. */
async function expectCudaLibraries(): Promise<void> {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node');
  const folder = join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch);
  await access(join(folder, 'libonnxruntime_providers_cuda.so')).catch(() => {
    throw new Error('its libraries are not installed');
  });
}

export const onnxRuntime: Runtime = {
  version: ort.env.versions.node ?? ort.env.versions.common,
  devices: devicesOfThisBuild(),

  async probe(device) {
    if (device === 'cuda') await expectCudaLibraries();
    const session = await ort.InferenceSession.create(identityModel(), sessionOptions(device));
    await session.release();
  },

  async open(model, device) {
    const source = await sourceOf(model);
    // Two overloads, one of them for paths and one for bytes.
    const creation =
      typeof source === 'string'
        ? ort.InferenceSession.create(source, sessionOptions(device))
        : ort.InferenceSession.create(source, sessionOptions(device));
    const session = await creation.catch((error: unknown) => {
      throw new FaultError(
        device === 'cpu' ? 'bad-model' : 'device-failed',
        `Expected ${device} to load ${basename(model.path)} of ${model.method}, but the runtime refused it; ` +
          (device === 'cpu' ? 'restore or export the model again.' : 'use another device.'),
        { file: basename(model.path), detail: String(error) },
      );
    });
    return new OrtNetwork(session, model);
  },
};
