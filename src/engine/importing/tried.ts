import type { Raster } from '../kernels/raster';
import type { OnnxGraph } from '../onnx/graph';
import { modelInMemory } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import { openGraph } from '../runtime/openGraph';
import type { Graph } from '../runtime/runtime';
import type { SessionPool } from '../runtime/sessionPool';

export interface ExamineParts {
  readonly sessions: SessionPool;
  /** A turn to run once; the lens goes before it. */
  readonly turn: () => Promise<() => void>;
  readonly signal: AbortSignal;
  /** The project's sample, in colour. */
  readonly sample: Raster;
}

/** A graph for as long as `work` takes. */
export async function withGraph<T>(
  { sessions, turn, signal }: ExamineParts,
  graph: OnnxGraph,
  name: string,
  work: (run: Graph['run']) => Promise<T>,
): Promise<T> {
  const opened = await openGraph(sessions, modelInMemory(name, name, onnxModel(graph)));
  try {
    return await work(async (inputs) => {
      const end = await turn();
      try {
        signal.throwIfAborted();
        return await opened.run(inputs);
      } finally {
        end();
      }
    });
  } finally {
    await opened.release();
  }
}
