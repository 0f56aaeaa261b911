import { countOf, type OnnxNode, type OnnxTensor } from '../onnx/graph';
import { differentiableInputs } from './differentiate';
import { ruleFor } from './gradients/rules';
import { LOSS_PREFIX } from './losses/loss';
import type { StaticGraph } from '../onnx/staticGraph';

/** A tensor of weights that can be learned. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  /** Of the layer it belongs to: layers are numbered from 0 in the order in which they run. */
  readonly layer: number;
}

/** Of weights that are fitted to a finished network and no gradient changes: its correction of flat colours. */
const FITTED = /^flats\./;

/** Which of a model's weights are learned: all, or those of its last layers. */
export type Trainable = 'all' | { readonly lastLayers: number };

export interface ReachableParameters {
  readonly parameters: readonly Parameter[];
  /** Operators without a gradient behind which weights stay as they are, each once. */
  readonly blockedBy: readonly string[];
}

const isFloat = ({ values }: OnnxTensor): boolean => values instanceof Float32Array;

/** Whether a constant is one number a channel: a bias, and not a mask or a mean that is subtracted by Add. */
const isVector = (dims: readonly number[]): boolean =>
  countOf(dims) > 1 && dims.filter((dim) => dim > 1).length === 1;

/** The constants that are a node's weights: by their role in the operator, because scales and shapes look alike. */
function weightsOf(node: OnnxNode, graph: StaticGraph, isBiased: ReadonlySet<string>): string[] {
  const places = ruleFor(node)?.parameters ?? [];
  return places.flatMap((k) => {
    const name = node.inputs[k] ?? '';
    const constant = graph.constants.get(name);
    if (!constant || !isFloat(constant) || name.startsWith(`${LOSS_PREFIX}/`) || FITTED.test(name)) return [];
    const other = node.inputs[1 - k] ?? '';
    if (node.op === 'Add' && !(isVector(constant.dims) && isBiased.has(other))) return [];
    // A product by a vector is a mean over classes or a sum, whose numbers are what they are: a layer's is a matrix.
    if (node.op === 'MatMul' && constant.dims.length < 2) return [];
    return [name];
  });
}

/** Values that weights have a part in. */
function weighted(graph: StaticGraph, isBiased: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const node of graph.nodes)
    if (node.inputs.some((name) => found.has(name)) || weightsOf(node, graph, isBiased).length > 0)
      for (const name of node.outputs) found.add(name);
  return found;
}

/** Values that the gradient of `loss` reaches, and the operators that stop it on its way to weights. */
function reached(
  graph: StaticGraph,
  loss: string,
  isWeighted: ReadonlySet<string>,
): { values: Set<string>; blockedBy: Set<string> } {
  const values = new Set([loss]);
  const blockedBy = new Set<string>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => values.has(name) && isWeighted.has(name))) continue;
    const rule = ruleFor(node);
    if (!rule) blockedBy.add(node.op);
    else for (const { name } of differentiableInputs(node, rule)) values.add(name);
  }
  return { values, blockedBy };
}

/** All weights that the gradient of `loss` reaches, in the order of their layers. */
export function reachableParameters(graph: StaticGraph, loss: string): ReachableParameters {
  // A bias is what is added to the result of a MatMul.
  const isBiased = new Set(graph.nodes.filter(({ op }) => op === 'MatMul').flatMap(({ outputs }) => outputs));
  const { values, blockedBy } = reached(graph, loss, weighted(graph, isBiased));
  const found = new Map<string, Parameter>();
  let layer = 0;
  for (const node of graph.nodes) {
    const names = weightsOf(node, graph, isBiased).filter((name) => values.has(name) && !found.has(name));
    // A bias of its own and the slope of an activation belong to the layer before.
    const isLayer = node.op !== 'Add' && node.op !== 'PRelu' && names.length > 0;
    if (isLayer && found.size > 0) layer++;
    for (const name of names) found.set(name, { name, dims: graph.constants.get(name)!.dims, layer });
  }
  return { parameters: [...found.values()], blockedBy: [...blockedBy] };
}

/** Of parameters those that are to be learned. */
export function chosen(parameters: readonly Parameter[], trainable: Trainable): Parameter[] {
  if (trainable === 'all') return [...parameters];
  const last = Math.max(...parameters.map(({ layer }) => layer));
  return parameters.filter(({ layer }) => layer > last - trainable.lastLayers);
}
