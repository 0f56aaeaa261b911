import type { OnnxGraph } from './graph';

/** The graph without what its outputs do not need: nodes, and weights that only these used. */
export function pruned(graph: OnnxGraph): OnnxGraph {
  const wanted = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((name) => wanted.has(name))) return false;
      node.inputs.forEach((name) => wanted.add(name));
      return true;
    })
    .toReversed();
  return { ...graph, nodes, weights: (graph.weights ?? []).filter(({ name }) => wanted.has(name)) };
}
