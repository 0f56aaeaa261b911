import { countOf, type OnnxGraph, type OnnxValue, type OnnxWeight } from '../onnx/graph';
import { onnxModel } from '../onnx/onnxModel';
import { adamStep, type AdamOptions } from './adam';
import { differentiate } from './differentiate';
import { GraphBuilder } from '../onnx/graphBuilder';
import { LOSS_PREFIX, type Loss } from './losses/loss';
import type { Parameter } from './parameters';
import { staticGraphOf, type RunOnce } from '../onnx/staticGraphOf';
import type { StaticGraph } from '../onnx/staticGraph';

/**
 * A whole step of training as one graph that any inference runtime can run.
 * Inputs: the model's own, `target`, `weights`, `firstMoment` and `secondMoment` (flat), and the
 * numbers `rate`, `correction1`, `correction2`. Outputs: `loss` before the step, `norm` of the gradient before it was
 * cut, and `nextWeights`, `nextFirstMoment`, `nextSecondMoment`.
 */
export interface TrainingStep {
  readonly model: Uint8Array;
  /** The model's own. */
  readonly inputs: readonly OnnxValue[];
  readonly targetDims: readonly number[];
  readonly parameters: readonly Parameter[];
  /** Length of the flat vectors. */
  readonly length: number;
}

const PREFIX = 'learning';
const STATE = ['weights', 'firstMoment', 'secondMoment'] as const;
const PACE = ['rate', 'correction1', 'correction2'] as const;

/** The model with the loss of its output behind it, and the name of that loss; `targetDims` by the output's shape. */
export async function withLoss(
  graph: StaticGraph,
  output: string,
  loss: Loss,
  run: RunOnce,
  targetDims: (output: readonly number[]) => readonly number[] = (same) => same,
): Promise<{ graph: StaticGraph; loss: string }> {
  const dims = graph.dims.get(output)!;
  const target = targetDims(dims);
  const g = new GraphBuilder(graph.opset, LOSS_PREFIX);
  const name = loss(g, { output, target: 'target', dims });
  const asGraph: OnnxGraph = {
    inputs: [
      { name: output, dims },
      { name: 'target', dims: target },
    ],
    outputs: [{ name, dims: [] }],
    nodes: g.nodes,
    weights: g.weights,
    opsets: graph.opsets,
  };
  const known = await staticGraphOf(asGraph, { [output]: dims, target }, run);
  return {
    loss: name,
    graph: {
      opset: graph.opset,
      opsets: graph.opsets,
      nodes: [...graph.nodes, ...known.nodes],
      constants: new Map([...graph.constants, ...known.constants]),
      dims: new Map([...graph.dims, ...known.dims]),
    },
  };
}

/** Cuts the flat vector `weights` into the parameters, by their own names. */
export function unpack(g: GraphBuilder, parameters: readonly Parameter[]): void {
  let start = 0;
  for (const { name, dims } of parameters) {
    const end = start + countOf(dims);
    g.define(name, 'Reshape', [g.slice('weights', 0, start, end), g.wholes(dims)]);
    start = end;
  }
}

/** Parameters one after the other, each with its rows in order; of a gradient that is missing, zeros. */
function pack(
  g: GraphBuilder,
  parameters: readonly Parameter[],
  gradients: ReadonlyMap<string, string>,
): string {
  const parts = parameters.map(({ name, dims }) => {
    const gradient = gradients.get(name);
    if (gradient === undefined) return g.op('Expand', [g.scalar(0), g.wholes([countOf(dims)])]);
    return g.reshape(gradient, [-1]);
  });
  return g.op('Concat', parts, { axis: 0 });
}

/** The numbers of parameters as one flat vector, as the step takes them. */
export function flatWeights({ constants }: StaticGraph, parameters: readonly Parameter[]): Float32Array {
  const flat = new Float32Array(parameters.reduce((sum, { dims }) => sum + countOf(dims), 0));
  let start = 0;
  for (const { name } of parameters) {
    const { values } = constants.get(name)!;
    flat.set(values as Float32Array, start);
    start += values.length;
  }
  return flat;
}

/** Builds the step for a graph that ends in the scalar `loss` (see `withLoss`). */
export function trainingStep(
  graph: StaticGraph,
  inputs: readonly OnnxValue[],
  loss: string,
  parameters: readonly Parameter[],
  options: AdamOptions,
): TrainingStep {
  const length = parameters.reduce((sum, { dims }) => sum + countOf(dims), 0);
  const before = new GraphBuilder(graph.opset, `${PREFIX}/unpack`);
  unpack(before, parameters);
  const g = new GraphBuilder(graph.opset, `${PREFIX}/back`);
  const wanted = new Set(parameters.map(({ name }) => name));
  const gradient = pack(g, parameters, differentiate(graph, loss, wanted, g));
  const pace = { rate: 'rate', correction1: 'correction1', correction2: 'correction2' };
  const state = { weights: 'weights', firstMoment: 'firstMoment', secondMoment: 'secondMoment' };
  const next = adamStep(g, state, gradient, pace, options);
  g.define('loss', 'Identity', [loss]);
  g.define('norm', 'Identity', [next.norm]);
  g.define('nextWeights', 'Identity', [next.weights]);
  g.define('nextFirstMoment', 'Identity', [next.firstMoment]);
  g.define('nextSecondMoment', 'Identity', [next.secondMoment]);
  const nodes = [...before.nodes, ...graph.nodes, ...g.nodes];
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const constants = [...graph.constants].filter(([name]) => used.has(name) && !wanted.has(name));
  const weights: OnnxWeight[] = constants.map(([name, { dims, values, type }]) => ({
    name,
    dims,
    values,
    type,
  }));
  const targetDims = graph.dims.get('target')!;
  const value = (name: string, dims: readonly number[]): OnnxValue => ({ name, dims });
  const model = onnxModel({
    inputs: [
      ...inputs.map(({ name }) => value(name, graph.dims.get(name)!)),
      value('target', targetDims),
      ...STATE.map((name) => value(name, [length])),
      ...PACE.map((name) => value(name, [])),
    ],
    outputs: [
      value('loss', []),
      value('norm', []),
      ...['nextWeights', 'nextFirstMoment', 'nextSecondMoment'].map((name) => value(name, [length])),
    ],
    nodes,
    weights: [...weights, ...before.weights, ...g.weights],
    opsets: graph.opsets,
  });
  return { model, inputs, targetDims, parameters, length };
}
