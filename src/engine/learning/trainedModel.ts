import { countOf, type OnnxGraph, type OnnxNode, type OnnxWeight } from '../onnx/graph';
import type { Parameter } from './parameters';

/** Nodes and weights that the outputs need, in their order. */
function pruned(graph: OnnxGraph): OnnxGraph {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const kept: OnnxNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    node.inputs.forEach((name) => needed.add(name));
    kept.unshift(node);
  }
  return { ...graph, nodes: kept, weights: (graph.weights ?? []).filter(({ name }) => needed.has(name)) };
}

/**
 * The model with parameters learned: the graph as it was, for pictures of any size, with their numbers from the flat
 * vector. What only made the old ones (weights stored as integers, with their steps) is left out.
 * @param graph the model that was trained, in float32.
 */
export function trainedModel(
  graph: OnnxGraph,
  parameters: readonly Parameter[],
  flat: Float32Array,
): OnnxGraph {
  const learned: OnnxWeight[] = [];
  let start = 0;
  for (const { name, dims } of parameters) {
    const end = start + countOf(dims);
    learned.push({ name, dims, values: flat.slice(start, end) });
    start = end;
  }
  const isLearned = new Set(parameters.map(({ name }) => name));
  const others = (graph.weights ?? []).filter(({ name }) => !isLearned.has(name));
  const nodes = graph.nodes.filter(({ outputs }) => !outputs.some((name) => isLearned.has(name)));
  return pruned({ ...graph, nodes, weights: [...others, ...learned] });
}
