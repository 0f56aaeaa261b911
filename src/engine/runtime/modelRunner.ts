import { FaultError } from '../../shared/faults';
import type { Size } from '../../shared/geometry';
import { expectPicture, faultOfSize } from './outputCheck';
import type { Devices } from './devices';
import type { RunSettings } from './runSettings';
import type { Raster } from '../kernels/raster';
import type { RealDevice } from './runtime';
import type { ModelRef } from '../onnx/modelRef';
import type { SpentBuffers } from '../pixels/spentBuffers';
import type { SessionPool } from './sessionPool';
import { coreSide, largestCore, type TileCosts } from './tileSize';
import type { TrialShape } from './trial';
import { modelAt, type SecondWeights } from '../onnx/weightBlend';

const SMALLEST_SIDE = 32;

export interface RunnerParts {
  readonly buffers: SpentBuffers;
  readonly sessions: SessionPool;
  readonly devices: Devices;
  readonly notice: (sentence: string) => void;
}

export interface RunnerModel extends ModelRef, TileCosts {
  readonly shape: TrialShape;
  /** What `strength` goes towards, where the method has that control. */
  readonly second?: SecondWeights | undefined;
}

/** A device could not run a tile; whether its size was the reason, a smaller one will tell. */
export class RunFailure extends Error {
  constructor(
    readonly device: RealDevice,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.name = 'RunFailure';
  }
}

/** Drops a device that failed a model; the fault `device-failed` where there is no other to go on with. */
export async function dropAfter(
  { devices }: RunnerParts,
  model: ModelRef,
  failure: RunFailure,
  runSettings: RunSettings,
): Promise<void> {
  const { device } = failure;
  if (device !== 'cpu') await devices.drop(model, device, failure.cause);
  if (device !== 'cpu' && runSettings.device === 'auto') return;
  throw new FaultError(
    'device-failed',
    `Expected ${device} to run ${model.method}, but it failed even on a small tile; ` +
      (device === 'cpu'
        ? 'close other programs to free memory, or use another method.'
        : 'use the device auto or cpu.'),
    { detail: failure.message },
  );
}

/** Runs one model on the device that suits it, and knows how large its tiles may be. */
export class ModelRunner {
  private readonly usualSide: number;
  private side: number;

  constructor(
    private readonly parts: RunnerParts,
    readonly model: RunnerModel,
  ) {
    this.usualSide = coreSide({ ...model, factor: model.shape.factor }, SMALLEST_SIDE);
    this.side = this.usualSide;
  }

  /** Largest side of a tile's core, in input pixels. */
  get tileSide(): number {
    return this.side;
  }

  /** Side of a core that even a tile larger than usual must not exceed. */
  get largestCore(): number {
    return largestCore(this.model);
  }

  /** One run; throws as `perform` does. */
  async run(input: Raster, runSettings: RunSettings): Promise<Raster> {
    const { model, parts } = this;
    return this.picture(input, runSettings, (device, size, into) =>
      parts.sessions.use(modelAt(model, runSettings.strength), device, (network) =>
        network.run(input, size, into),
      ),
    );
  }

  /** One run, however `make` lets the network do it: what it makes of `input`, in the memory `into`. */
  async picture(
    input: Raster,
    runSettings: RunSettings,
    make: (device: RealDevice, size: Size, into: Float32Array<ArrayBuffer>) => Promise<Raster>,
  ): Promise<Raster> {
    const { model, parts } = this;
    const { factor } = model.shape;
    const size = { width: input.width * factor, height: input.height * factor };
    const work = async (device: RealDevice): Promise<Raster> => {
      const into = parts.buffers.take(size.width * size.height * input.channels);
      const output = await make(device, size, into);
      expectPicture(input, output, model);
      return output;
    };
    return this.perform(runSettings, work, size);
  }

  /**
   * Does `work` on the device that suits the model; throws `RunFailure` where the device fails, and faults where the
   * model itself is bad. `size`: of the picture that comes of it, where one does.
   */
  async perform<T>(
    runSettings: RunSettings,
    work: (device: RealDevice) => Promise<T>,
    size?: Size,
  ): Promise<T> {
    const { model, parts } = this;
    const device = await parts.devices.choose(model, model.shape, runSettings.device, runSettings.patient);
    try {
      const result = await work(device);
      runSettings.onDevice?.(device);
      return result;
    } catch (error) {
      // Another device may be at fault where the model is not: the CPU tells.
      const fault = (size && faultOfSize(error, size, model)) ?? error;
      if (device === 'cpu' && fault instanceof FaultError && fault.fault.code === 'bad-model') throw fault;
      throw new RunFailure(device, error);
    }
  }

  /**
   * A tile of `side` failed: true where half of it should be tried. At the smallest size it is not the size
   * that is at fault: false, after a device other than the CPU was dropped and the user may go on without
   * it; where there is nothing to go on with, the fault `device-failed`.
   */
  async shrinkAfter(failure: RunFailure, side: number, runSettings: RunSettings): Promise<boolean> {
    if (side > SMALLEST_SIDE) {
      this.side = Math.max(SMALLEST_SIDE, Math.min(this.side, Math.ceil(side / 2)));
      return true;
    }
    this.side = this.usualSide;
    await this.dropAfter(failure, runSettings);
    return false;
  }

  /** Drops the device that failed; the fault `device-failed` where there is no other to go on with. */
  dropAfter(failure: RunFailure, runSettings: RunSettings): Promise<void> {
    return dropAfter(this.parts, this.model, failure, runSettings);
  }

  /** A tile that failed went well in smaller parts: its size was too much for the device, and that is said. */
  sayShrunk(device: RealDevice): void {
    this.parts.notice(
      `Memory was short on ${device}: ${this.model.method} goes on in tiles of ${this.side} pixels.`,
    );
  }
}
