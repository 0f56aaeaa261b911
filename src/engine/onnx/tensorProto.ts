import { ELEMENT_TYPES, countOf, type ElementType, type OnnxTensor, type TensorValues } from './graph';
import { bytesOf, fieldsOf, floatsOf, textOf, WireError, wholeOf, wholesOf } from './wire';

/** A piece of a file beside the model in which a tensor's numbers lie. */
export interface ExternalPiece {
  /** As the model names it; whether it may be read, `externalData.ts` says. */
  readonly location: string;
  readonly offset: number;
  /** Undefined: to the file's end. */
  readonly length: number | undefined;
}

/** Bytes of an external piece, little-endian; throws where it may not or cannot be read. */
export type ReadExternal = (piece: ExternalPiece) => Uint8Array;

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
} as const;

const TYPE_NAMES = new Map<number, ElementType>(
  Object.entries(ELEMENT_TYPES).map(([name, code]) => [code, name as ElementType]),
);

/** The type of numbers with a code; throws `WireError` for those that are not read (text, complex, below 8 bits). */
export function elementTypeNamed(code: number): ElementType {
  const type = TYPE_NAMES.get(code);
  if (type === undefined)
    throw new WireError(`a tensor has numbers of type ${code}, which are not supported`);
  return type;
}

/** Copied, because typed arrays must begin at a multiple of their size. */
function valuesOfRaw(raw: Uint8Array, type: ElementType): TensorValues {
  const of = ARRAYS[type];
  if (raw.length % of.BYTES_PER_ELEMENT !== 0) {
    throw new WireError(`a tensor of ${type} has ${raw.length} bytes, which are no whole numbers`);
  }
  return new of(new Uint8Array(raw).buffer);
}

function valuesOfList(list: readonly (number | bigint)[], type: ElementType): TensorValues {
  if (type === 'int64') return BigInt64Array.from(list.map(BigInt));
  if (type === 'uint64') return BigUint64Array.from(list.map((value) => BigInt.asUintN(64, BigInt(value))));
  return ARRAYS[type].from(list.map(Number));
}

const entryOf = (bytes: Uint8Array): [string, string] => {
  let [key, value] = ['', ''];
  for (const one of fieldsOf(bytes)) {
    if (one.field === 1) key = textOf(one);
    if (one.field === 2) value = textOf(one);
  }
  return [key, value];
};

function pieceOf(entries: ReadonlyMap<string, string>): ExternalPiece {
  const length = entries.get('length');
  return {
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    length: length === undefined ? undefined : Number(length),
  };
}

/** TensorProto, its numbers from wherever they lie. Throws `WireError` where they do not fill its shape. */
export function readTensor(bytes: Uint8Array, readExternal: ReadExternal): OnnxTensor & { name: string } {
  const dims: number[] = [];
  const list: (number | bigint)[] = [];
  const external = new Map<string, string>();
  let [name, code, isExternal] = ['', 0, false];
  let raw: Uint8Array | undefined;
  for (const one of fieldsOf(bytes)) {
    if (one.field === 1) dims.push(...wholesOf(one).map(Number));
    else if (one.field === 2) code = wholeOf(one);
    else if (one.field === 4) push(list, floatsOf(one, 4));
    else if (one.field === 5 || one.field === 7 || one.field === 11) push(list, wholesOf(one));
    else if (one.field === 8) name = textOf(one);
    else if (one.field === 9) raw = bytesOf(one);
    else if (one.field === 10) push(list, floatsOf(one, 8));
    else if (one.field === 13) external.set(...entryOf(bytesOf(one)));
    else if (one.field === 14) isExternal = wholeOf(one) === 1;
  }
  const type = elementTypeNamed(code);
  if (dims.some((dim) => dim < 0)) throw new WireError(`the tensor "${name}" has a negative size`);
  if (isExternal) raw = readExternal(pieceOf(external));
  const values = raw ? valuesOfRaw(raw, type) : valuesOfList(list, type);
  if (values.length !== countOf(dims)) {
    throw new WireError(
      `the tensor "${name}" of ${dims.join(' x ')} should hold ${countOf(dims)} numbers, and has ${values.length}`,
    );
  }
  return { name, dims, values, type };
}

/** Without spreading: a list may have millions. */
function push(list: (number | bigint)[], values: readonly (number | bigint)[]): void {
  for (const value of values) list.push(value);
}
