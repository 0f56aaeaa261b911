import { FaultError } from '../../shared/faults';
import {
  ATTRIBUTE_TYPES,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxValue,
  type OnnxWeight,
} from './graph';
import { elementTypeNamed, readTensor, type ReadExternal } from './tensorProto';
import { bytesOf, fieldsOf, floatsOf, textOf, WireError, wholeOf, wholesOf, type WireField } from './wire';

/**
 * Reads ONNX models, whoever wrote them: what the graph computes, and not its comments. Written by hand, as the
 * writer is, because the nine messages that hold a graph are few and a stranger's file is then checked field by
 * field; code generated from onnx.proto would be ten times as long and check nothing.
 */

type Field = readonly WireField[];

const numbered = (bytes: Uint8Array): ((field: number) => Field) => {
  const fields = [...fieldsOf(bytes)];
  return (field) => fields.filter((one) => one.field === field);
};

const lastText = (found: Field): string => (found.length === 0 ? '' : textOf(found.at(-1)!));
const lastWhole = (found: Field, otherwise: number): number =>
  found.length === 0 ? otherwise : wholeOf(found.at(-1)!);

/** AttributeProto; its name and what it holds. */
function attributeOf(bytes: Uint8Array, external: ReadExternal): [string, OnnxAttribute] {
  const field = numbered(bytes);
  const name = lastText(field(1));
  const type = lastWhole(field(20), 0);
  const T = ATTRIBUTE_TYPES;
  const one = <V>(found: Field, read: (value: WireField) => V): V => {
    const last = found.at(-1);
    if (last === undefined) throw new WireError(`the attribute "${name}" is empty`);
    return read(last);
  };
  if (type === T.float)
    return [name, { float: field(2).length === 0 ? 0 : one(field(2), (f) => floatsOf(f, 4)[0]!) }];
  if (type === T.whole) return [name, lastWhole(field(3), 0)];
  if (type === T.text) return [name, { text: lastText(field(4)) }];
  if (type === T.tensor) return [name, { tensor: one(field(5), (f) => readTensor(bytesOf(f), external)) }];
  if (type === T.subgraph) return [name, { subgraph: one(field(6), bytesOf) }];
  if (type === T.floats) return [name, { floats: field(7).flatMap((f) => floatsOf(f, 4)) }];
  if (type === T.wholes) return [name, field(8).flatMap(wholesOf).map(Number)];
  if (type === T.texts) return [name, { texts: field(9).map(textOf) }];
  throw new WireError(`the attribute "${name}" is of type ${type}, which is not supported`);
}

/** NodeProto. */
function nodeOf(bytes: Uint8Array, external: ReadExternal): OnnxNode {
  const field = numbered(bytes);
  return {
    op: lastText(field(4)),
    inputs: field(1).map(textOf),
    outputs: field(2).map(textOf),
    attributes: Object.fromEntries(field(5).map((one) => attributeOf(bytesOf(one), external))),
    domain: lastText(field(7)),
  };
}

/** TensorShapeProto.Dimension; one without a size or name is free and gets one. */
function dimensionOf(bytes: Uint8Array, place: string): number | string {
  const field = numbered(bytes);
  if (field(1).length > 0) return wholeOf(field(1).at(-1)!);
  return lastText(field(2)) || place;
}

/** ValueInfoProto of a tensor. */
function valueOf(bytes: Uint8Array): OnnxValue {
  const field = numbered(bytes);
  const name = lastText(field(1));
  const type = field(2).at(-1);
  const tensorType = type && numbered(bytesOf(type))(1).at(-1);
  if (!tensorType) throw new WireError(`"${name}" is not a tensor`);
  const inside = numbered(bytesOf(tensorType));
  const shape = inside(2).at(-1);
  const dims = shape ? numbered(bytesOf(shape))(1) : [];
  return {
    name,
    type: elementTypeNamed(lastWhole(inside(1), 0)),
    dims: dims.map((dim, k) => dimensionOf(bytesOf(dim), `${name}_${k}`)),
  };
}

/** GraphProto. */
function graphOf(bytes: Uint8Array, external: ReadExternal): OnnxGraph {
  const field = numbered(bytes);
  if (field(15).length > 0) throw new WireError('it has sparse tensors, which are not supported');
  const weights: OnnxWeight[] = field(5).map((one) => readTensor(bytesOf(one), external));
  const isWeight = new Set(weights.map(({ name }) => name));
  return {
    nodes: field(1).map((one) => nodeOf(bytesOf(one), external)),
    weights,
    // Old files list their weights among the inputs too.
    inputs: field(11)
      .map((one) => valueOf(bytesOf(one)))
      .filter(({ name }) => !isWeight.has(name)),
    outputs: field(12).map((one) => valueOf(bytesOf(one))),
  };
}

/** OperatorSetIdProto; "ai.onnx" is the long name of ONNX's own. */
function opsetOf(bytes: Uint8Array): [string, number] {
  const field = numbered(bytes);
  const domain = lastText(field(1));
  return [domain === 'ai.onnx' ? '' : domain, lastWhole(field(2), 1)];
}

const noExternal: ReadExternal = ({ location }) => {
  throw new WireError(`its weights are in another file, ${location}`);
};

/**
 * The graph of a model. `external` reads what the model keeps in files beside it.
 * Throws the fault `bad-model`, which says what is wrong, where the bytes are no model that can be read whole.
 */
export function readModel(bytes: Uint8Array, name: string, external: ReadExternal = noExternal): OnnxGraph {
  try {
    const field = numbered(bytes);
    const graph = field(7).at(-1);
    if (!graph || field(8).length === 0) throw new WireError('it has no graph');
    if (field(25).length > 0) throw new WireError('it defines operators of its own, which are not supported');
    const opsets = Object.fromEntries(field(8).map((one) => opsetOf(bytesOf(one))));
    return { ...graphOf(bytesOf(graph), external), opsets };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new FaultError(
      'bad-model',
      `Expected ${name} to be an ONNX model that can be read, but ${error.message}; export it again.`,
      { file: name },
    );
  }
}
