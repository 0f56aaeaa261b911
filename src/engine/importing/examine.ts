import { raster, type Raster } from '../kernels/raster';
import { stacked } from '../kernels/stacked';
import { meansHalves } from '../onnx/globalMeans';
import { lumaOf } from '../pixels/luma';
import type { ModelFile } from '../../shared/manifest';
import { modelInMemory } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import { openGraph } from '../runtime/openGraph';
import { countOf, type OnnxGraph } from '../onnx/graph';
import type { StaticGraph } from '../onnx/staticGraph';
import { staticGraphOf, type RunOnce } from '../onnx/staticGraphOf';
import { adapted } from './adapt';
import { liveBytes, macs } from './costs';
import { endsOf, refusal } from './ends';
import { findForm, type FoundForm, type TestPicture } from './findForm';
import { heldReach } from './held';
import { FIELD, fieldWithin, measureReach, rasterOf, type MeasuredReach } from './reach';
import { withGraph, type ExamineParts } from './tried';

/** What was found out about a stranger's model, and the model as every method is. */
export interface Examined extends FoundForm {
  readonly model: Uint8Array;
  /** Numbers that it holds. */
  readonly weights: number;
  readonly macsPerPixel: number;
  readonly liveBytesPerPixel: number;
  /** Undefined where it looks further than tiles can read, or counts windows from a tile's corner. */
  readonly reach: MeasuredReach | undefined;
  /** Of a model that takes means over the whole picture, and looks no further than `reach` beside them. */
  readonly means: ModelFile['means'];
  readonly hasAttention: boolean;
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

/**
 * Whether a value of the model, beside those that are `held`, depends on the whole of its input: a mean over it or
 * attention in it. What it makes of a tile then depends on the tile, by however little on a test picture.
 */
const readsEverywhere = (
  { nodes, dims }: StaticGraph,
  pixels: number,
  held: readonly string[] = [],
): boolean =>
  nodes.some(({ op, inputs, outputs }) => {
    if (held.includes(outputs[0]!)) return false;
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
  const runOnce: RunOnce = async (model, inputs) => {
    const opened = await openGraph(parts.sessions, modelInMemory(name, name, model));
    try {
      return await opened.run(inputs);
    } finally {
      await opened.release();
    }
  };
  const { width, height } = form.only ?? { width: COST_SIDE, height: COST_SIDE };
  const sized = (model: OnnxGraph): Promise<StaticGraph> =>
    staticGraphOf(model, { input: [1, form.channels, height, width] }, runOnce);
  const macsPerPixel = (model: StaticGraph): number => Math.round(macs(model) / (width * height));
  const known = await sized(ready);
  const countsWindows = form.multiple > 1;
  const isLocal = !countsWindows && !readsEverywhere(known, width * height);
  const reach = await withGraph(parts, ready, name, async (run) => {
    const enlarge = async (asked: Raster): Promise<Raster> =>
      rasterOf((await run({ input: stacked(asked) })).get('output')!);
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
    return isLocal ? measureReach(() => enlarge, form.scale, form.channels, picture, field) : undefined;
  });
  const halves = isLocal || countsWindows || form.only ? undefined : meansHalves(ready);
  const held =
    halves && halves.names.length > 0 && !readsEverywhere(known, width * height, halves.names)
      ? await heldReach(halves, form, picture, name, parts)
      : undefined;
  return {
    ...found,
    model: onnxModel(ready),
    weights: (graph.weights ?? []).reduce((sum, { dims }) => sum + countOf(dims), 0),
    macsPerPixel: macsPerPixel(known),
    liveBytesPerPixel: Math.round(liveBytes(known, 'input') / (width * height)),
    reach: reach ?? held,
    means: held &&
      halves && { count: halves.names.length, macsPerPixel: macsPerPixel(await sized(halves.telling)) },
    hasAttention: graph.nodes.some(({ op }) => op === 'Softmax'),
  };
}

/** A finite number, about where pictures have theirs. */
const isPixel = (value: number): boolean => Math.abs(value) < LARGEST_VALUE;
