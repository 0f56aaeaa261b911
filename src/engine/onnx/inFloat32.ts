import {
  ELEMENT_TYPES,
  elementTypeOf,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './graph';
import { fromHalf } from './half';

const OTHER_FLOATS = new Set(['float16', 'bfloat16', 'float64'] as const) as ReadonlySet<string>;
const OTHER_FLOAT_CODES = new Set([
  ELEMENT_TYPES.float16,
  ELEMENT_TYPES.bfloat16,
  ELEMENT_TYPES.float64,
] as number[]);

const fromBrain = new DataView(new ArrayBuffer(4));

/** The number that the 16 bits of a bfloat16 stand for: the upper half of a float32. */
function brainNumber(bits: number): number {
  fromBrain.setUint32(0, bits * 0x10000);
  return fromBrain.getFloat32(0);
}

/** A tensor of floats as float32; whole numbers and truths as they are. */
export function tensorInFloat32<T extends OnnxTensor>(tensor: T): T {
  const type = elementTypeOf(tensor);
  if (!OTHER_FLOATS.has(type)) return tensor;
  const values = Float32Array.from(tensor.values as Uint16Array | Float64Array, (value) => {
    if (type === 'float64') return value;
    return type === 'float16' ? fromHalf(value) : brainNumber(value);
  });
  return { ...tensor, values, type: 'float32' };
}

function attributeInFloat32(name: string, value: OnnxAttribute): OnnxAttribute {
  if (typeof value === 'object' && 'tensor' in value) return { tensor: tensorInFloat32(value.tensor) };
  const isType = name === 'to' || name === 'dtype' || name === 'stash_type';
  return isType && typeof value === 'number' && OTHER_FLOAT_CODES.has(value) ? ELEMENT_TYPES.float32 : value;
}

const valueInFloat32 = (value: OnnxValue): OnnxValue =>
  value.type !== undefined && OTHER_FLOATS.has(value.type) ? { ...value, type: 'float32' } : value;

const nodeInFloat32 = (node: OnnxNode): OnnxNode => ({
  ...node,
  attributes: Object.fromEntries(
    Object.entries(node.attributes ?? {}).map(([name, value]) => [name, attributeInFloat32(name, value)]),
  ),
});

/** The same graph with every float in single precision: halves are too coarse to learn in. */
export const inFloat32 = (graph: OnnxGraph): OnnxGraph => ({
  inputs: graph.inputs.map(valueInFloat32),
  outputs: graph.outputs.map(valueInFloat32),
  nodes: graph.nodes.map(nodeInFloat32),
  weights: (graph.weights ?? []).map(tensorInFloat32),
  opsets: graph.opsets,
});
