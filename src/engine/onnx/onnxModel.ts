/** ONNX models made in memory, as protobuf bytes: just what the engine's own small graphs need. */

/** A constant of the graph: float32, the bits of float16 numbers, or whole numbers of 64 bits. */
export interface OnnxWeight {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | Uint16Array | BigInt64Array;
}

/** An input or output, float32 unless said; a dimension with a name is free. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  readonly type?: 'int32';
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers, alone or in a row. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly weights?: readonly OnnxWeight[];
}

const IR_VERSION = 8;
const OPSET = 13;
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const FLOAT16 = 10;
const INT_ATTRIBUTE = 2;
const INTS_ATTRIBUTE = 7;

type Bytes = Buffer;

/** Unsigned, least significant seven bits first. */
function varint(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) | 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}

/** A field of a whole number (wire type 0). */
const number = (field: number, value: number): Bytes => Buffer.concat([varint(field << 3), varint(value)]);

/** A field of bytes, which may be a message (wire type 2). */
const bytes = (field: number, ...parts: readonly Uint8Array[]): Bytes => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint((field << 3) | 2), varint(length), ...parts]);
};

const text = (field: number, value: string): Bytes => bytes(field, Buffer.from(value, 'utf8'));

/** ValueInfoProto, with its TypeProto.Tensor and TensorShapeProto. */
function valueInfo(field: number, { name, dims, type }: OnnxValue): Bytes {
  const shape = dims.map((dim) => bytes(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)));
  return bytes(field, text(1, name), bytes(2, bytes(1, number(1, type ? INT32 : FLOAT), bytes(2, ...shape))));
}

/** AttributeProto. */
function attribute(name: string, value: number | readonly number[]): Bytes {
  if (typeof value === 'number') return bytes(5, text(1, name), number(3, value), number(20, INT_ATTRIBUTE));
  return bytes(5, text(1, name), ...value.map((one) => number(8, one)), number(20, INTS_ATTRIBUTE));
}

/** NodeProto. */
const node = ({ op, inputs, outputs, attributes = {} }: OnnxNode): Bytes =>
  bytes(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  );

function elementType(values: OnnxWeight['values']): number {
  if (values instanceof Float32Array) return FLOAT;
  return values instanceof Uint16Array ? FLOAT16 : INT64;
}

/** TensorProto; its raw data is little-endian, as every machine is that the runtime is built for. */
function initializer({ name, dims, values }: OnnxWeight): Bytes {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return bytes(
    5,
    ...dims.map((dim) => number(1, dim)),
    number(2, elementType(values)),
    text(8, name),
    bytes(9, raw),
  );
}

/** A ModelProto of opset 13 around the graph, its nodes in the order in which they run. */
export function onnxModel({ inputs, outputs, nodes, weights = [] }: OnnxGraph): Uint8Array {
  const graph = bytes(
    7,
    ...nodes.map(node),
    text(2, 'graph'),
    ...weights.map(initializer),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  );
  return Buffer.concat([number(1, IR_VERSION), bytes(8, number(2, OPSET)), graph]);
}
