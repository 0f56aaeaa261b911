import { FaultError } from '../../shared/faults';
import type { RunSettings } from './runSettings';
import { dropAfter, RunFailure, type RunnerParts } from './modelRunner';
import type { Network, RealDevice, Tensor, WholeTensor } from './runtime';
import type { ModelRef } from '../onnx/modelRef';
import type { Trial } from './trial';

export type Offered = Readonly<Record<string, Tensor | WholeTensor>>;
export type Wanted = Readonly<Record<string, Tensor | null>>;

/** One file of a method that has several. */
export interface GraphRef extends ModelRef {
  /** Throws the fault `bad-model` where the file is not what the manifest says; asked once a loaded network. */
  check(network: Network): void;
  /** What runs in its place on the CPU. */
  readonly onCpu?: GraphRef | undefined;
}

/** Evaluates a graph wherever the method runs at the moment. */
export type Evaluate = (
  graph: GraphRef,
  offered: Offered,
  wanted: Wanted,
) => Promise<ReadonlyMap<string, Tensor>>;

const checked = new WeakSet<Network>();

/** A network of several inputs at work; the first time it is held against what it should be. */
export function evaluateOn(
  network: Network,
  graph: GraphRef,
  offered: Offered,
  wanted: Wanted,
): Promise<ReadonlyMap<string, Tensor>> {
  if (!checked.has(network)) graph.check(network);
  checked.add(network);
  return network.evaluate(offered, wanted);
}

/** A method of several graphs, as one thing to be tried: `sha256` is of all of them. */
export interface GraphSet extends ModelRef {
  readonly graphs: readonly GraphRef[];
}

/** Runs the graphs of one method, all on the device that suits them. */
export class GraphRunner {
  constructor(
    private readonly parts: RunnerParts,
    readonly model: GraphSet,
    readonly trial: Trial,
  ) {}

  /** Evaluates on the device for this runSettings; throws `RunFailure` where that fails. */
  evaluator(runSettings: RunSettings): Evaluate {
    const { parts, model, trial } = this;
    return async (graph, offered, wanted) => {
      const device = await parts.devices.choose(model, trial, runSettings.device, runSettings.patient);
      try {
        const suited = (device === 'cpu' && graph.onCpu) || graph;
        const result = await parts.sessions.use(suited, device, (network) =>
          evaluateOn(network, suited, offered, wanted),
        );
        runSettings.onDevice?.(device);
        return result;
      } catch (error) {
        if (error instanceof FaultError && error.fault.code === 'bad-model') throw error;
        throw new RunFailure(device, error);
      }
    };
  }

  /** Where the graphs run at the moment for this runSettings. */
  device({ device, patient }: RunSettings): Promise<RealDevice> {
    return this.parts.devices.choose(this.model, this.trial, device, patient);
  }

  /** Drops the device that failed; the fault `device-failed` where there is no other to go on with. */
  async dropAfter(failure: RunFailure, runSettings: RunSettings): Promise<void> {
    if (failure.device !== 'cpu')
      for (const graph of this.model.graphs) this.parts.sessions.forget(graph, failure.device);
    await dropAfter(this.parts, this.model, failure, runSettings);
  }

  /** A picture failed in one run and went well in tiles of `side`: the user is told. */
  sayShrunk(device: RealDevice, side: number): void {
    this.parts.notice(
      `Memory was short on ${device}: ${this.model.method} goes on in tiles of ${side} pixels.`,
    );
  }
}
