/** An ONNX model as data: what the reader gives, the writer takes and the differentiator works on. */

/** Types of numbers that tensors hold, by their code in TensorProto.DataType. */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

/** Kinds of attribute, by their code in AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPES = {
  float: 1,
  whole: 2,
  text: 3,
  tensor: 4,
  subgraph: 5,
  floats: 6,
  wholes: 7,
  texts: 8,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** Numbers of a tensor as they are stored; float16 and bfloat16 as their 16 bits, bool as 0 and 1. */
export type TensorValues =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array;

/** Numbers with a shape, rows last. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly values: TensorValues;
  /** Where the array does not say it: without, a Uint16Array holds float16 and a Uint8Array uint8. */
  readonly type?: ElementType | undefined;
}

/** A constant of the graph, an initializer. */
export interface OnnxWeight extends OnnxTensor {
  readonly name: string;
}

/** An input or output, float32 unless said; a dimension with a name is free. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  readonly type?: ElementType | undefined;
}

/** Whole numbers plain, alone or in a row; all others in an object that says what they are. */
export type OnnxAttribute =
  | number
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly tensor: OnnxTensor }
  /** The graph of a branch or loop, as its bytes. */
  | { readonly subgraph: Uint8Array };

export interface OnnxNode {
  readonly op: string;
  /** An input that is left out is an empty name. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>> | undefined;
  /** Of the operator; without, ONNX's own. */
  readonly domain?: string | undefined;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** In an order in which they can run. */
  readonly nodes: readonly OnnxNode[];
  readonly weights?: readonly OnnxWeight[];
  /** Version of every operator set it uses, by its domain, ONNX's own under ''; without, 13 of that. */
  readonly opsets?: Readonly<Record<string, number>> | undefined;
}

/** How a tensor's array is to be read. */
export function elementTypeOf({ type, values }: OnnxTensor): ElementType {
  if (type) return type;
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Uint8Array) return 'uint8';
  if (values instanceof Int8Array) return 'int8';
  if (values instanceof Uint16Array) return 'float16';
  if (values instanceof Int16Array) return 'int16';
  if (values instanceof Uint32Array) return 'uint32';
  if (values instanceof Int32Array) return 'int32';
  return values instanceof BigInt64Array ? 'int64' : 'uint64';
}

/** How many numbers a tensor of that shape holds; 1 for a scalar. */
export const countOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);
