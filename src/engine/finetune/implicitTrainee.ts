import { join } from 'node:path';
import { FaultError } from '../../shared/faults';
import { whyNotLearnable } from '../../shared/learnable';
import type { Implicit, Manifest } from '../../shared/manifest';
import { trainedModel } from '../learning/trainedModel';
import type { Parameter } from '../learning/parameters';
import { axisPositions, decoderAxis } from '../kernels/positions';
import { countOf, type OnnxGraph, type OnnxNode, type OnnxWeight } from '../onnx/graph';
import { onnxModel } from '../onnx/onnxModel';
import { prefixed } from '../onnx/prefixed';
import type { Numbers } from '../onnx/staticGraphOf';
import { enlargedBatch } from './enlargedBatch';
import { sha256Of } from '../onnx/modelRef';
import { readLearnable } from './networkTrainee';
import { choosesLevels, levelChoiceIn } from './levelChoice';
import { LEVEL_PATCHES, levelObjective } from './levelObjective';
import { PATCHES, pictureObjective } from './pictureObjective';
import { BASE, INPUT, OUTPUT } from './implicitNames';
import type { SavedFile, Trainee } from './trainee';

/** A graph of the method, and what its values are called in the whole. */
interface Part {
  readonly graph: OnnxGraph;
  readonly prefix: string;
}

/**
 * Where all output pixels of a picture lie (docs/implicit.md), without cells beyond its border, as in the training of
 * the bundled weights: what lies beside a patch is not known. The cells around them are constants, for a gradient goes
 * back through a Gather of known places only; offsets and shares are inputs, for what a graph makes of constants and
 * weights alone would be taken for a weight.
 */
function positionsOf(side: number, scale: number): { cells: OnnxWeight[]; inputs: Record<string, Numbers> } {
  const length = side * scale;
  const axis = axisPositions({ scale, photo: side, start: 0, length, beyond: 0 });
  const { index, offset, weight } = decoderAxis(axis, { from: 0, count: length }, 0);
  const dims = [2, length];
  const inputs: Record<string, Numbers> = {
    cell: { dims: [2], data: Float32Array.of(2 / scale, 2 / scale) },
  };
  for (const name of ['row', 'column']) {
    inputs[`${name}Offset`] = { dims, data: offset };
    inputs[`${name}Weight`] = { dims, data: weight };
  }
  return { cells: ['rowIndex', 'columnIndex'].map((name) => ({ name, dims, values: index })), inputs };
}

/** All graphs one after the other: pictures in, the enlargement out. */
function composed(
  sources: readonly Part[],
  decoder: Part,
  { base }: Implicit,
  scale: number,
  count: number,
  side: number,
  controls: readonly OnnxWeight[],
): OnnxGraph {
  let features = INPUT;
  const all: OnnxGraph[] = [];
  for (const { graph, prefix } of sources) {
    all.push(prefixed(graph, prefix, { input: features, photo: INPUT }));
    features = `${prefix}output`;
  }
  const { cells, inputs } = positionsOf(side, scale);
  const names = [...[...cells, ...controls].map(({ name }) => name), ...Object.keys(inputs)];
  const same = Object.fromEntries(names.map((name) => [name, name]));
  all.push(prefixed(decoder.graph, decoder.prefix, { ...same, features }));
  const isUsed = new Set(decoder.graph.inputs.map(({ name }) => name));
  const positions = Object.entries(inputs).filter(([name]) => isUsed.has(name));
  const result = `${decoder.prefix}output`;
  const last: OnnxNode =
    base === 'none'
      ? { op: 'Identity', inputs: [result], outputs: [OUTPUT] }
      : { op: 'Add', inputs: [result, BASE], outputs: [OUTPUT] };
  const [small, large] = [
    [count, 3, side, side],
    [count, 3, side * scale, side * scale],
  ];
  return {
    inputs: [
      { name: INPUT, dims: small },
      ...(base === 'none' ? [] : [{ name: BASE, dims: large }]),
      ...positions.map(([name, { dims }]) => ({ name, dims })),
    ],
    outputs: [{ name: OUTPUT, dims: large }],
    nodes: [...all.flatMap(({ nodes }) => nodes), last],
    weights: [...all.flatMap(({ weights }) => weights ?? []), ...cells, ...controls],
    opsets: decoder.graph.opsets,
  };
}

/** Of parameters those of a part, by their own names there, and their numbers. */
function ownOf(
  { prefix }: Part,
  parameters: readonly Parameter[],
  flat: Float32Array,
): { parameters: Parameter[]; flat: Float32Array } {
  const own: Parameter[] = [];
  const numbers: number[] = [];
  let start = 0;
  for (const one of parameters) {
    const end = start + countOf(one.dims);
    if (one.name.startsWith(prefix)) {
      own.push({ ...one, name: one.name.slice(prefix.length) });
      numbers.push(start, end);
    }
    start = end;
  }
  const length = own.reduce((sum, { dims }) => sum + countOf(dims), 0);
  const result = new Float32Array(length);
  for (let k = 0, into = 0; k < numbers.length; k += 2) {
    const part = flat.subarray(numbers[k], numbers[k + 1]);
    result.set(part, into);
    into += part.length;
  }
  return { parameters: own, flat: result };
}

function expectTrainable(manifest: Manifest): Implicit {
  const { id, implicit } = manifest;
  if (!implicit) throw new RangeError('expected the manifest of an implicit method');
  const why = whyNotLearnable(manifest);
  if (why !== null) {
    throw new FaultError(
      'bad-model',
      `Expected a method that can learn from photos, but ${id} cannot: ${why}; choose another one, such as enlarger-fast.`,
    );
  }
  return implicit;
}

/** Between classes a rounding flips the choice: measured is their mean, as training/measure/reach.py does it. */
const measuredAt = (controls: readonly OnnxWeight[]): OnnxWeight[] =>
  controls.map((one) => (one.name === 'crispness' ? { ...one, values: Float32Array.of(0) } : one));

/** A method of any scale: its graphs for features and its decoder learn together, at several scales in turn. */
export async function implicitTrainee(
  manifest: Manifest,
  folder: string,
  encoders: string,
  scales: readonly number[],
): Promise<Trainee> {
  const implicit = expectTrainable(manifest);
  const read = async (file: { file: string; shared: boolean }, prefix: string): Promise<Part> => ({
    graph: await readLearnable(join(file.shared ? encoders : folder, file.file), file.file),
    prefix,
  });
  const sources = await Promise.all(implicit.source.map((file, k) => read(file, `source${k}/`)));
  const decoder = await read(implicit.decoder, 'decoder/');
  const standing = manifest.controls
    .filter(({ id }) => decoder.graph.inputs.some(({ name }) => name === id))
    .map(({ id, default: at }): OnnxWeight => ({ name: id, dims: [1], values: Float32Array.of(at) }));
  const graphAt: Trainee['graphAt'] = (scale, count, side) =>
    composed(sources, decoder, implicit, scale, count, side, standing);
  const feeds: Trainee['feeds'] = (scale, pictures) => ({
    [INPUT]: pictures,
    ...positionsOf(pictures.dims[3]!, scale).inputs,
    ...(implicit.base === 'none' ? {} : { [BASE]: enlargedBatch(pictures, scale, implicit.base) }),
  });
  return {
    manifest,
    channels: 3,
    scales,
    patches: choosesLevels(manifest) ? LEVEL_PATCHES : PATCHES,
    graphAt,
    objective: (loss) =>
      loss === 'cross-entropy'
        ? levelObjective(graphAt, levelChoiceIn(decoder.graph, manifest.id), decoder.prefix, implicit.base)
        : pictureObjective(graphAt, loss),
    feeds,
    save(parameters, flat) {
      const trained = (part: Part): Part => {
        const own = ownOf(part, parameters, flat);
        return { ...part, graph: trainedModel(part.graph, own.parameters, own.flat) };
      };
      const [newSources, newDecoder] = [sources.map(trained), trained(decoder)];
      const sourceFiles = newSources.map(({ graph }, k): SavedFile => ({
        name: `source${sources.length > 1 ? k : ''}.onnx`,
        content: onnxModel(graph),
      }));
      const decoderFile: SavedFile = { name: 'decoder.onnx', content: onnxModel(newDecoder.graph) };
      const named = ({ name, content }: SavedFile) => ({
        file: name,
        sha256: sha256Of(content),
        shared: false,
      });
      const { before, after, exact } = implicit.receptiveField;
      return {
        files: [...sourceFiles, decoderFile],
        whole: {
          feeds,
          graphAt: (scale, count, side) =>
            composed(newSources, newDecoder, implicit, scale, count, side, measuredAt(standing)),
        },
        parts: {
          kind: 'implicit',
          files: [],
          implicit: {
            ...implicit,
            source: sourceFiles.map((file, k) => ({ ...implicit.source[k]!, ...named(file) })),
            receptiveField: { before, after, exact },
            // Its form in integers has the old weights.
            decoder: named(decoderFile),
          },
          controls: manifest.controls,
          scales: manifest.scales,
        },
      };
    },
  };
}
