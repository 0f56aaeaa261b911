import type { ModelRef } from '../onnx/modelRef';
import type { Graph, RealDevice } from './runtime';
import type { SessionPool } from './sessionPool';

/**
 * A graph with named inputs, all of whose outputs are wanted, out of the pool of sessions: released when it is
 * idle and loaded again when it is asked. Loaded once here, so that a graph which the runtime refuses is
 * refused now (`bad-model` on the CPU, `device-failed` elsewhere).
 */
export async function openGraph(
  sessions: SessionPool,
  model: ModelRef,
  device: RealDevice = 'cpu',
): Promise<Graph> {
  await sessions.use(model, device, () => Promise.resolve());
  return {
    run: (inputs) =>
      sessions.use(model, device, (network) =>
        network.evaluate(inputs, Object.fromEntries(network.outputs.map(({ name }) => [name, null]))),
      ),
    release() {
      sessions.forget(model, device);
      return Promise.resolve();
    },
  };
}
