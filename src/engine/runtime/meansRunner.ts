import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import { area, type Size } from '../../shared/geometry';
import { raster, type Raster } from '../kernels/raster';
import { stacked } from '../kernels/stacked';
import { externalDataBeside } from '../onnx/externalData';
import { meansHalves } from '../onnx/globalMeans';
import { modelInMemory, type ModelRef } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import { readModel } from '../onnx/readModel';
import { expectFile, readChecked } from './checksums';
import { RunFailure, type ModelRunner, type RunnerParts } from './modelRunner';
import { expectNumbers } from './outputCheck';
import type { RunSettings } from './runSettings';
import type { RealDevice, Tensor } from './runtime';

/** Means of a network's channels over a picture, by their names: [1, C, 1, 1] each. */
export type Means = ReadonlyMap<string, Tensor>;

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
  const { names, telling, given } = meansHalves(readModel(bytes, file, externalDataBeside(path)));
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
    telling: modelInMemory(method, path, onnxModel(telling)),
    given: modelInMemory(method, path, onnxModel(given)),
  };
}

/** Adds a share of each picture's means [N, C, 1, 1] to those of all [1, C, 1, 1]. */
function addMeans({ data, dims }: Tensor, share: number, sum: Tensor | undefined): Tensor {
  const channels = dims[1]!;
  const all = sum ?? { data: new Float32Array(channels), dims: [1, channels, 1, 1] };
  for (let i = 0; i < data.length; i++) all.data[i % channels]! += share * data[i]!;
  return all;
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

  /**
   * The means of samples of one size, as many in a run as a tile has pixels. Where the device fails there are fewer in one,
   * and then another device; the fault `device-failed` where there is none, and those of the model itself.
   */
  async of(samples: readonly Raster[], runSettings: RunSettings): Promise<Means> {
    const { runner } = this;
    let means = new Map<string, Tensor>();
    let shrunkOn: RealDevice | undefined;
    for (let done = 0; done < samples.length;) {
      const most = Math.max(1, Math.floor(runner.tileSide ** 2 / area(samples[0]!)));
      const some = samples.slice(done, done + most);
      try {
        const told = await this.told(some, runSettings);
        for (const [name, each] of told) means.set(name, addMeans(each, 1 / samples.length, means.get(name)));
        done += some.length;
      } catch (error) {
        if (!(error instanceof RunFailure)) throw error;
        const smaller = await runner.shrinkAfter(error, runner.tileSide, runSettings);
        shrunkOn = smaller ? error.device : undefined;
        if (smaller) continue;
        [means, done] = [new Map<string, Tensor>(), 0]; // all of one device
      }
    }
    if (shrunkOn) runner.sayShrunk(shrunkOn);
    return means;
  }

  /** The means of each of some samples, in one run; throws as `ModelRunner.perform` does. */
  private async told(
    samples: readonly Raster[],
    runSettings: RunSettings,
  ): Promise<ReadonlyMap<string, Tensor>> {
    const { telling, names } = await this.parted();
    const input = stacked(...samples);
    return this.runner.perform(runSettings, async (device) => {
      const told = await this.parts.sessions.use(telling, device, (network) =>
        network.evaluate(
          { [network.inputs[0]!.name]: input },
          Object.fromEntries(names.map((name) => [name, null])),
        ),
      );
      for (const { data: means } of told.values())
        expectNumbers(means, 'means of a photo', this.runner.model);
      return told;
    });
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
