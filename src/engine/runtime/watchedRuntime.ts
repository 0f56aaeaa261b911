import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { ModelRef } from '../onnx/modelRef';
import type { Hung } from '../state/store';
import type { VitalSigns } from '../watch/vitalSigns';
import type { Network, RealDevice, Runtime } from './runtime';

/** A network that does its work is not ended before this. */
const RUN_SECONDS_MIN = 20;
/** How often longer than ever before a run may take. */
const PACE_FACTOR = 20;
/**
 * Where no pace is known: a tenth of a slow core (a billion multiplications a second), four uses of each
 * weight a pixel, which is more than any network here makes.
 */
const SECONDS_PER_BYTE_AND_NUMBER = 1e-9;
const LOAD_SECONDS_MAX = 300;
const LEFT_ALONE_MS = 3_600_000;

export interface WatchParts {
  readonly signs: VitalSigns;
  /** Factor on every limit. */
  readonly patience: number;
  /** What was ended before, by `model sha256|device`. */
  readonly hung: () => Readonly<Record<string, Hung>>;
}

/** How long a run over so many numbers of input may take; `slowest` is the worst pace seen, seconds a number. */
export function limitOf(numbers: number, bytes: number, slowest: number | undefined): number {
  return slowest === undefined
    ? RUN_SECONDS_MIN + numbers * bytes * SECONDS_PER_BYTE_AND_NUMBER
    : Math.max(RUN_SECONDS_MIN, PACE_FACTOR * slowest * numbers);
}

/** A network whose every run is marked with how long it may take. */
class WatchedNetwork implements Network {
  private slowest: number | undefined;

  constructor(
    private readonly network: Network,
    private readonly model: ModelRef,
    private readonly key: string,
    private readonly parts: WatchParts,
  ) {}

  get inputs(): Network['inputs'] {
    return this.network.inputs;
  }
  get outputs(): Network['outputs'] {
    return this.network.outputs;
  }

  run(...given: Parameters<Network['run']>): ReturnType<Network['run']> {
    return this.watched(given[0].data.length, () => this.network.run(...given));
  }

  evaluate(...given: Parameters<Network['evaluate']>): ReturnType<Network['evaluate']> {
    const numbers = Math.max(0, ...Object.values(given[0]).map(({ data }) => data.length));
    return this.watched(numbers, () => this.network.evaluate(...given));
  }

  release(): Promise<void> {
    return this.network.release();
  }

  private async watched<T>(numbers: number, work: () => Promise<T>): Promise<T> {
    const { model, key, parts } = this;
    const limitSeconds = limitOf(numbers, model.bytes, this.slowest) * parts.patience;
    const start = performance.now();
    const result = await parts.signs.during({ key, method: model.method, limitSeconds }, work);
    const pace = (performance.now() - start) / 1e3 / Math.max(1, numbers);
    this.slowest = Math.max(this.slowest ?? 0, pace);
    return result;
  }
}

function refuseHung(model: ModelRef, device: RealDevice, hung: Hung | undefined): void {
  if (hung === undefined || Date.now() - hung.at > LEFT_ALONE_MS) return;
  const seconds = Math.round(hung.seconds);
  throw new FaultError(
    device === 'cpu' ? 'bad-model' : 'device-failed',
    `Expected ${model.method} to come to an end on ${device}, but one run of its network took more than ${seconds} s ` +
      'and had to be ended; use another method, or try this one again in an hour.',
    { file: basename(model.path) },
  );
}

/** A runtime whose loads and runs the watchdog knows of, and which leaves alone what had to be ended. */
export function watchedRuntime(runtime: Runtime, parts: WatchParts): Runtime {
  const load = LOAD_SECONDS_MAX * parts.patience;
  return {
    version: runtime.version,
    devices: runtime.devices,
    probe: (device) =>
      parts.signs.during(
        { key: `${runtime.version}|${device}`, method: `The device ${device}`, limitSeconds: load },
        () => runtime.probe(device),
      ),
    async open(model, device) {
      const key = `${model.sha256}|${device}`;
      refuseHung(model, device, parts.hung()[key]);
      const run = { key, method: model.method, limitSeconds: load };
      const network = await parts.signs.during(run, () => runtime.open(model, device));
      return new WatchedNetwork(network, model, key, parts);
    },
  };
}
