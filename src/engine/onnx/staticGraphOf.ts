import {
  ELEMENT_TYPES,
  elementTypeOf,
  type ElementType,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  type TensorValues,
} from './graph';
import { onnxModel } from './onnxModel';
import { outputType } from './elementTypes';
import type { StaticGraph } from './staticGraph';

/** Numbers into a run and out of one. */
export interface Numbers {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Runs a model once; gives every output by its name. */
export type RunOnce = (
  model: Uint8Array,
  inputs: Readonly<Record<string, Numbers>>,
) => Promise<ReadonlyMap<string, Numbers>>;

const LARGEST = 2n ** 63n - 1n;
const VALUE = 'probe/value/';
const SHAPE = 'probe/shape/';

/** What depends on shapes and weights alone, and of what type it is. */
function constantParts(graph: OnnxGraph): {
  types: Map<string, ElementType>;
  isConstant: (node: OnnxNode) => boolean;
} {
  const constants = new Set((graph.weights ?? []).map(({ name }) => name));
  const types = new Map<string, ElementType>(
    (graph.weights ?? []).map((one) => [one.name, elementTypeOf(one)]),
  );
  for (const { name, type } of graph.inputs) types.set(name, type ?? 'float32');
  const fixed = new Set<OnnxNode>();
  for (const node of graph.nodes) {
    const type = outputType(node, (name) => types.get(name) ?? 'float32');
    node.outputs.forEach((name) => types.set(name, type));
    const isShape = node.op === 'Shape' || node.op === 'Size';
    if (!isShape && !node.inputs.every((name) => name === '' || constants.has(name))) continue;
    fixed.add(node);
    node.outputs.forEach((name) => constants.add(name));
  }
  return { types, isConstant: (node) => fixed.has(node) };
}

function wholeOf(value: number): bigint {
  const exact = BigInt(Math.trunc(value));
  if (exact > LARGEST) return LARGEST;
  return exact < -LARGEST ? -LARGEST : exact;
}

/** Numbers that came out as float32, as the type that they are in the graph. */
function tensorOf({ data, dims }: Numbers, type: ElementType): OnnxTensor {
  const arrays: Partial<Record<ElementType, () => TensorValues>> = {
    int64: () => BigInt64Array.from(data, wholeOf),
    int32: () => Int32Array.from(data),
    bool: () => Uint8Array.from(data),
    uint8: () => Uint8Array.from(data),
    int8: () => Int8Array.from(data),
  };
  const values = arrays[type]?.();
  return values ? { dims, values, type } : { dims, values: Float32Array.from(data), type: 'float32' };
}

/**
 * Learns a graph's shapes and constants from the runtime itself: it is run once, on zeros of the sizes that its
 * inputs shall have, with the shape of every value and the numbers of every constant as outputs.
 * @param graph in float32.
 */
export async function staticGraphOf(
  graph: OnnxGraph,
  sizes: Readonly<Record<string, readonly number[]>>,
  run: RunOnce,
): Promise<StaticGraph> {
  const { types, isConstant } = constantParts(graph);
  const flowing = graph.nodes.filter((node) => !isConstant(node));
  const used = new Set([
    ...flowing.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ name }) => name),
  ]);
  const folded = graph.nodes
    .filter(isConstant)
    .flatMap(({ outputs }) => outputs.filter((name) => used.has(name)));
  const shaped = flowing.flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
  const extra: OnnxNode[] = [];
  const asFloat = (input: string, output: string): void => {
    const attributes = { to: ELEMENT_TYPES.float32 };
    extra.push({ op: 'Cast', inputs: [input], outputs: [output], attributes });
  };
  for (const name of folded) asFloat(name, VALUE + name);
  for (const name of shaped) {
    extra.push({ op: 'Shape', inputs: [name], outputs: [`${SHAPE}whole/${name}`] });
    asFloat(`${SHAPE}whole/${name}`, SHAPE + name);
  }
  const outputs = extra.flatMap(({ op, outputs: [name] }): OnnxValue[] =>
    op === 'Cast' ? [{ name: name!, dims: [] }] : [],
  );
  const inputs = graph.inputs.map((value) => ({ ...value, dims: sizes[value.name]! }));
  const probe = { ...graph, inputs, nodes: [...graph.nodes, ...extra], outputs };
  const zeros = Object.fromEntries(
    inputs.map(({ name, dims }) => [
      name,
      { dims, data: new Float32Array(dims.reduce((all, dim) => all * dim, 1)) },
    ]),
  );
  const found = await run(onnxModel(probe), zeros);
  const constants = new Map<string, OnnxTensor>((graph.weights ?? []).map((weight) => [weight.name, weight]));
  for (const name of folded) constants.set(name, tensorOf(found.get(VALUE + name)!, types.get(name)!));
  const dims = new Map<string, readonly number[]>([...constants].map(([name, one]) => [name, one.dims]));
  for (const value of inputs) dims.set(value.name, value.dims);
  for (const name of shaped) dims.set(name, Array.from(found.get(SHAPE + name)!.data));
  const opsets = graph.opsets ?? { '': 13 };
  return { opset: opsets['']!, opsets, nodes: flowing, constants, dims };
}
