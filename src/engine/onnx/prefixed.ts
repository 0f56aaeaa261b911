import type { OnnxGraph } from './graph';

/**
 * A graph whose values all have a prefix, so that it can stand beside another one in a larger graph.
 * @param called what some of its values are called there instead.
 */
export function prefixed(
  graph: OnnxGraph,
  prefix: string,
  called: Readonly<Record<string, string>> = {},
): OnnxGraph {
  const nameOf = (name: string): string => (name === '' ? '' : (called[name] ?? prefix + name));
  return {
    inputs: graph.inputs.map((value) => ({ ...value, name: nameOf(value.name) })),
    outputs: graph.outputs.map((value) => ({ ...value, name: nameOf(value.name) })),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(nameOf),
      outputs: node.outputs.map(nameOf),
    })),
    weights: (graph.weights ?? []).map((weight) => ({ ...weight, name: nameOf(weight.name) })),
    opsets: graph.opsets,
  };
}
