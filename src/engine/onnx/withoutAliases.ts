import type { OnnxGraph } from './graph';

/**
 * The same graph without second names: exporters hand a weight that several nodes share on through Identity, once
 * for each. Such copies would be learned apart from each other.
 */
export function withoutAliases(graph: OnnxGraph): OnnxGraph {
  const isOutput = new Set(graph.outputs.map(({ name }) => name));
  const first = new Map<string, string>();
  const nameOf = (name: string): string => first.get(name) ?? name;
  const nodes = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map(nameOf);
    const output = node.outputs[0]!;
    if (node.op !== 'Identity' || isOutput.has(output)) return [{ ...node, inputs }];
    first.set(output, inputs[0]!);
    return [];
  });
  return { ...graph, nodes };
}
