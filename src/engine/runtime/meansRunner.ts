import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { Size } from '../../shared/geometry';
import { raster, type Raster } from '../kernels/raster';
import { externalDataBeside } from '../onnx/externalData';
import { givenMeans, globalMeans, tellingMeans } from '../onnx/globalMeans';
import { modelInMemory, type ModelRef } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import { readModel } from '../onnx/readModel';
import { expectFile, readChecked } from './checksums';
import type { ModelRunner, RunnerParts } from './modelRunner';
import type { RunSettings } from './runSettings';
import type { Tensor } from './runtime';

/** Means of a network's channels over a picture, by their names: [1, C, 1, 1] each. */
export type Means = ReadonlyMap<string, Tensor>;

/** Of a sample the rows and columns along its edges, in which a network sees that it ends, are not counted. */
export const UNCOUNTED = 4;

/** A network's graph taken apart: what gives its means, and what is given them. */
interface Parted {
  readonly names: readonly string[];
  readonly telling: ModelRef;
  readonly given: ModelRef;
}

async function parted(model: ModelRef, expected: number): Promise<Parted> {
  const { method, path, sha256, body, content } = model;
  const file = basename(path);
  const bytes = content ?? (await readChecked(path, sha256));
  if (body) await expectFile(body.path, body.sha256);
  const graph = readModel(bytes, file, externalDataBeside(path));
  const names = globalMeans(graph);
  if (names.length !== expected) {
    throw new FaultError(
      'bad-model',
      `Expected ${file} of ${method} to take ${expected} means over the whole picture, as its manifest says, found ` +
        `${names.length}; export the model again with its manifest.`,
      { file },
    );
  }
  return {
    names,
    telling: modelInMemory(method, path, onnxModel(tellingMeans(graph, UNCOUNTED))),
    given: modelInMemory(method, path, onnxModel(givenMeans(graph))),
  };
}

/** The mean of [N, C, 1, 1] over its N pictures. */
function meanOf({ data, dims }: Tensor): Tensor {
  const [pictures, channels] = [dims[0]!, dims[1]!];
  const mean = new Float32Array(channels);
  for (let i = 0; i < data.length; i++) mean[i % channels]! += data[i]! / pictures;
  return { data: mean, dims: [1, channels, 1, 1] };
}

/**
 * Runs a network that takes means over the whole picture in two halves: what the means are, of samples of the picture,
 * and what the network makes of a tile with these in the place of the tile's own.
 */
export class MeansRunner {
  private halves: Promise<Parted> | undefined;

  /** `count`: how many means the manifest promises. */
  constructor(
    private readonly runner: ModelRunner,
    private readonly parts: RunnerParts,
    private readonly count: number,
  ) {}

  /** The means of samples of one size, all of them in one run; throws as `ModelRunner.perform` does. */
  async of(samples: readonly Raster[], runSettings: RunSettings): Promise<Means> {
    const { telling, names } = await this.parted();
    const { width, height, channels, data } = samples[0]!;
    const pictures = new Float32Array(samples.length * data.length);
    for (const [k, sample] of samples.entries()) pictures.set(sample.data, k * data.length);
    const input = { data: pictures, dims: [samples.length, channels, height, width] };
    return this.runner.perform(runSettings, { width, height }, (device) =>
      this.parts.sessions.use(telling, device, async (network) => {
        const wanted = Object.fromEntries(names.map((name) => [name, null]));
        const told = await network.evaluate({ [network.inputs[0]!.name]: input }, wanted);
        return new Map(names.map((name) => [name, meanOf(told.get(name)!)]));
      }),
    );
  }

  /** What the network makes of a tile of a picture that has these means; throws as `ModelRunner.run` does. */
  async run(input: Raster, means: Means, runSettings: RunSettings): Promise<Raster> {
    const { given } = await this.parted();
    const { width, height, channels, data } = input;
    return this.runner.picture(input, runSettings, (device, size: Size, into) =>
      this.parts.sessions.use(given, device, async (network) => {
        const offered = {
          ...Object.fromEntries(means),
          [network.inputs.find(({ name }) => !means.has(name))!.name]: {
            data,
            dims: [1, channels, height, width],
          },
        };
        const dims = [1, channels, size.height, size.width];
        await network.evaluate(offered, { [network.outputs[0]!.name]: { data: into, dims } });
        return raster(size.width, size.height, channels, into);
      }),
    );
  }

  /** Made once it is asked for, and again by the next caller where that failed. */
  private parted(): Promise<Parted> {
    this.halves ??= parted(this.runner.model, this.count).catch((error: unknown) => {
      this.halves = undefined;
      throw error;
    });
    return this.halves;
  }
}
