import { raster, type Raster } from '../kernels/raster';
import { lumaOf } from '../pixels/luma';
import { openGraph } from '../runtime/openGraph';
import type { Graph } from '../runtime/runtime';
import type { SessionPool } from '../runtime/sessionPool';
import { modelInMemory } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import { countOf, type OnnxGraph } from '../onnx/graph';
import type { StaticGraph } from '../onnx/staticGraph';
import { staticGraphOf, type Numbers, type RunOnce } from '../onnx/staticGraphOf';
import { adapted } from './adapt';
import { liveBytes, macs } from './costs';
import { endsOf, refusal } from './ends';
import { findForm, type FoundForm, type TestPicture } from './findForm';
import { FIELD, fieldWithin, measureReach, type MeasuredReach } from './reach';

/** What was found out about a stranger's model, and the model as every method is. */
export interface Examined extends FoundForm {
  readonly model: Uint8Array;
  /** Numbers that it holds. */
  readonly weights: number;
  readonly macsPerPixel: number;
  readonly liveBytesPerPixel: number;
  /** Undefined where it looks further than tiles can read, or counts windows from a tile's corner. */
  readonly reach: MeasuredReach | undefined;
  readonly hasAttention: boolean;
}

export interface ExamineParts {
  readonly sessions: SessionPool;
  /** A turn to run once; the lens goes before it. */
  readonly turn: () => Promise<() => void>;
  readonly signal: AbortSignal;
  /** The project's sample, in colour. */
  readonly sample: Raster;
}

const COST_SIDE = 64;
/** A size that no model was made for. */
const ODD_SIZE = { width: 47, height: 35 } as const;
/** Values of a picture, and those that overshoot it; beyond this it is none. */
const LARGEST_VALUE = 16;

/** A part of the sample from its detailed third on, repeated where that ends; luma where one channel is asked for. */
export const testPictures =
  (sample: Raster): TestPicture =>
  (width, height, channels) => {
    const source = channels === 1 ? lumaOf(sample) : sample;
    const result = raster(width, height, channels);
    const [left, top] = [Math.floor(source.width / 3), Math.floor(source.height / 3)];
    for (let k = 0; k < result.data.length; k++) {
      const [x, row] = [(k % width) + left, Math.floor(k / width)];
      const [y, c] = [(row % height) + top, Math.floor(row / height)];
      result.data[k] =
        source.data[(c * source.height + (y % source.height)) * source.width + (x % source.width)]!;
    }
    return result;
  };

/** A graph for as long as `work` takes. */
async function withGraph<T>(
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

const numbersOf = ({ width, height, channels, data }: Raster): Numbers => ({
  data,
  dims: [1, channels, height, width],
});

function rasterOf({ data, dims }: Numbers): Raster {
  return raster(dims[3]!, dims[2]!, dims[1]!, data);
}

/**
 * Whether a value of the model depends on the whole of its input: a mean over it or attention in it. What it makes of a
 * tile then depends on the tile, by however little on a test picture.
 */
const readsEverywhere = ({ nodes, dims }: StaticGraph, pixels: number): boolean =>
  nodes.some(({ op, inputs, outputs }) => {
    if (op === 'Softmax' || op === 'InstanceNormalization') return true;
    const isReduction = op.startsWith('Reduce') || op.startsWith('Global');
    const [before, after] = [dims.get(inputs[0] ?? ''), dims.get(outputs[0]!)];
    return isReduction && before !== undefined && countOf(before) >= pixels * countOf(after ?? []);
  });

/**
 * Finds out what a model is by running it on pictures of the project's own. Throws the fault `bad-model`, which says
 * why, where it cannot become a method; an abort where `signal` is.
 * @param graph as read from its file.
 * @param name of the file, for sentences.
 */
export async function examine(graph: OnnxGraph, name: string, parts: ExamineParts): Promise<Examined> {
  const ends = endsOf(graph, name);
  const picture = testPictures(parts.sample);
  const found = await withGraph(parts, ends.graph, name, (run) =>
    findForm(ends, async (input) => (await run({ 'model.in': input })).get('model.out')!, picture, name),
  );
  const { form } = found;
  const ready = adapted(ends.graph, form);
  const runOnce: RunOnce = (model, inputs) => {
    const ref = modelInMemory(name, name, model);
    return parts.sessions.use(ref, 'cpu', (network) =>
      network.evaluate(inputs, Object.fromEntries(network.outputs.map((output) => [output.name, null]))),
    );
  };
  const { width, height } = form.only ?? { width: COST_SIDE, height: COST_SIDE };
  const known = await staticGraphOf(ready, { input: [1, form.channels, height, width] }, runOnce);
  const isLocal = form.multiple === 1 && !readsEverywhere(known, width * height);
  const reach = await withGraph(parts, ready, name, async (run) => {
    const enlarge = async (asked: Raster): Promise<Raster> =>
      rasterOf((await run({ input: numbersOf(asked) })).get('output')!);
    const asked = picture(ODD_SIZE.width, ODD_SIZE.height, form.channels);
    const result = await enlarge(asked);
    if (
      result.width !== ODD_SIZE.width * form.scale ||
      result.height !== ODD_SIZE.height * form.scale ||
      !result.data.every(isPixel)
    ) {
      throw refusal(name, 'it does not give a picture of every size; export it with free height and width');
    }
    const field = form.only && Math.min(FIELD, fieldWithin(form.only));
    return isLocal ? measureReach(enlarge, form.scale, form.channels, picture, field) : undefined;
  });
  return {
    ...found,
    model: onnxModel(ready),
    weights: (graph.weights ?? []).reduce((sum, { dims }) => sum + countOf(dims), 0),
    macsPerPixel: Math.round(macs(known) / (width * height)),
    liveBytesPerPixel: Math.round(liveBytes(known, 'input') / (width * height)),
    reach,
    hasAttention: graph.nodes.some(({ op }) => op === 'Softmax'),
  };
}

/** A finite number, about where pictures have theirs. */
const isPixel = (value: number): boolean => Math.abs(value) < LARGEST_VALUE;
