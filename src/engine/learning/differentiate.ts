import { FaultError } from '../../shared/faults';
import type { OnnxNode } from '../onnx/graph';
import type { Backward, GradientRule } from './gradients/rule';
import { ruleFor } from './gradients/rules';
import type { GraphBuilder } from '../onnx/graphBuilder';
import type { StaticGraph } from '../onnx/staticGraph';

const dimsOf = ({ dims }: StaticGraph, name: string): readonly number[] => {
  const found = dims.get(name);
  if (found) return found;
  throw new Error(`expected the shape of ${name} to be known before the graph is differentiated`);
};

/** Inputs of a node through which a gradient can go, in their places. */
export function* differentiableInputs(
  node: OnnxNode,
  rule: GradientRule,
): Generator<{ name: string; k: number }, void> {
  for (const [k, name] of node.inputs.entries()) {
    if (name !== '' && !rule.fixed?.includes(k)) yield { name, k };
  }
}

/** What a rule may see of a node: its shapes, its constants, and of its values those that it saves. */
function backwardOf(
  graph: StaticGraph,
  g: GraphBuilder,
  node: OnnxNode,
  rule: GradientRule,
  gradients: ReadonlyMap<string, string>,
): Backward {
  return {
    g,
    node,
    get dy() {
      return gradients.get(node.outputs[0]!)!;
    },
    dyOf: (k) => gradients.get(node.outputs[k]!),
    input(k) {
      if (rule.saves.inputs?.includes(k)) return node.inputs[k]!;
      throw new Error(`the rule for ${node.op} uses its input ${k}, which it does not save`);
    },
    output() {
      if (rule.saves.output) return node.outputs[0]!;
      throw new Error(`the rule for ${node.op} uses its output, which it does not save`);
    },
    dims: (k) => dimsOf(graph, node.inputs[k]!),
    outputDims: (k = 0) => dimsOf(graph, node.outputs[k]!),
    constant: (k) => graph.constants.get(node.inputs[k] ?? ''),
  };
}

/**
 * Reverse-mode differentiation (Griewank and Walther, "Evaluating derivatives", 2008): emits into `g` the nodes that
 * make the gradients of the scalar `loss` to every value in `wanted`, and gives their names. A value that the loss
 * does not depend on is missing in the answer. Throws the fault `bad-model` where a gradient would have to go back
 * through an operator without a rule.
 */
export function differentiate(
  graph: StaticGraph,
  loss: string,
  wanted: ReadonlySet<string>,
  g: GraphBuilder,
): ReadonlyMap<string, string> {
  const depending = new Set(wanted); // values that change with what is wanted
  for (const { inputs, outputs } of graph.nodes) {
    if (inputs.some((name) => depending.has(name))) outputs.forEach((name) => depending.add(name));
  }
  const gradients = new Map<string, string>([[loss, g.scalar(1)]]);
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => gradients.has(name) && depending.has(name))) continue;
    const rule = ruleFor(node);
    if (!rule) throw noRule(node);
    const backward = backwardOf(graph, g, node, rule, gradients);
    for (const { name, k } of differentiableInputs(node, rule)) {
      if (!depending.has(name)) continue;
      const result = rule.gradient(backward, k);
      const fitted = rule.broadcasts
        ? g.sumTo(result, dimsOf(graph, node.outputs[0]!), dimsOf(graph, name))
        : result;
      const before = gradients.get(name);
      gradients.set(name, before === undefined ? fitted : g.add(before, fitted));
    }
  }
  return new Map([...gradients].filter(([name]) => wanted.has(name)));
}

const noRule = ({ op, outputs }: OnnxNode): FaultError =>
  new FaultError(
    'bad-model',
    `Expected operators that a gradient goes back through, but ${op} (which makes ${outputs[0]}) has none; ` +
      'train the layers after it only.',
  );
