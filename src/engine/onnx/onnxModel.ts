import {
  ATTRIBUTE_TYPES,
  ELEMENT_TYPES,
  elementTypeOf,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './graph';
import { writeBytes as bytes, writeFloat as float, writeText as text, writeWhole as whole } from './wire';

/** Writes ONNX models: the fields by their numbers in onnx.proto (github.com/onnx/onnx). `readModel` reads them back. */

const IR_VERSION = 8;
const OPSET = 13;

/** ValueInfoProto, with its TypeProto.Tensor and TensorShapeProto. */
function valueInfo(field: number, { name, dims, type }: OnnxValue): Buffer {
  const shape = dims.map((dim) => bytes(1, typeof dim === 'number' ? whole(1, dim) : text(2, dim)));
  const tensorType = bytes(1, whole(1, ELEMENT_TYPES[type ?? 'float32']), bytes(2, ...shape));
  return bytes(field, text(1, name), bytes(2, tensorType));
}

/** TensorProto; its raw data is little-endian, as every machine is that the runtime is built for. */
function tensor(field: number, one: OnnxTensor, name?: string): Buffer {
  const { dims, values } = one;
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return bytes(
    field,
    ...dims.map((dim) => whole(1, dim)),
    whole(2, ELEMENT_TYPES[elementTypeOf(one)]),
    ...(name === undefined ? [] : [text(8, name)]),
    bytes(9, raw),
  );
}

/** What an attribute holds, and which of its types that is. */
function attributeParts(value: OnnxAttribute): { type: keyof typeof ATTRIBUTE_TYPES; parts: Buffer[] } {
  if (typeof value === 'number') return { type: 'whole', parts: [whole(3, value)] };
  if ('float' in value) return { type: 'float', parts: [float(2, value.float)] };
  if ('floats' in value) return { type: 'floats', parts: value.floats.map((one) => float(7, one)) };
  if ('text' in value) return { type: 'text', parts: [text(4, value.text)] };
  if ('texts' in value) return { type: 'texts', parts: value.texts.map((one) => text(9, one)) };
  if ('tensor' in value) return { type: 'tensor', parts: [tensor(5, value.tensor)] };
  if ('subgraph' in value) return { type: 'subgraph', parts: [bytes(6, value.subgraph)] };
  return { type: 'wholes', parts: value.map((one) => whole(8, one)) };
}

/** AttributeProto. */
function attribute(name: string, value: OnnxAttribute): Buffer {
  const { type, parts } = attributeParts(value);
  return bytes(5, text(1, name), ...parts, whole(20, ATTRIBUTE_TYPES[type]));
}

/** NodeProto. */
const node = ({ op, inputs, outputs, attributes = {}, domain = '' }: OnnxNode): Buffer =>
  bytes(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    ...(domain === '' ? [] : [text(7, domain)]),
  );

/** OperatorSetIdProto. */
const opset = ([domain, version]: readonly [string, number]): Buffer =>
  bytes(8, ...(domain === '' ? [] : [text(1, domain)]), whole(2, version));

/** A ModelProto around the graph. */
export function onnxModel({ inputs, outputs, nodes, weights = [], opsets }: OnnxGraph): Uint8Array {
  const graph = bytes(
    7,
    ...nodes.map(node),
    text(2, 'graph'),
    ...weights.map((weight) => tensor(5, weight, weight.name)),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  );
  const sets = Object.entries(opsets ?? { '': OPSET }).map(opset);
  return Buffer.concat([whole(1, IR_VERSION), ...sets, graph]);
}
