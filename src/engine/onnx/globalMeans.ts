import type { OnnxGraph, OnnxNode, OnnxWeight } from './graph';
import { GraphBuilder } from './graphBuilder';
import { pruned } from './pruned';
import { numbersOf, wholeAttribute, wholesAttribute } from './staticGraph';

/** Means of every channel over all positions, as a network for pictures [N, C, H, W] takes them. */

const ROWS_AND_COLUMNS = '2,3';

/** The axes that a mean is over: an attribute before opset 18, an input from then on. */
function axesOf(node: OnnxNode, weights: readonly OnnxWeight[]): number[] {
  const given = weights.find(({ name }) => name === node.inputs[1]);
  const axes = given ? numbersOf(given) : (wholesAttribute(node, 'axes') ?? []);
  return axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort((a, b) => a - b);
}

function isGlobalMean(node: OnnxNode, weights: readonly OnnxWeight[]): boolean {
  if (node.op === 'GlobalAveragePool') return true;
  const keeps = wholeAttribute(node, 'keepdims', 1) === 1;
  return node.op === 'ReduceMean' && keeps && axesOf(node, weights).join() === ROWS_AND_COLUMNS;
}

const meansIn = ({ nodes, weights = [] }: OnnxGraph): OnnxNode[] =>
  nodes.filter((node) => isGlobalMean(node, weights));

/** The names of the graph's means, in the order in which they are taken. */
export const globalMeans = (graph: OnnxGraph): string[] => meansIn(graph).map(({ outputs }) => outputs[0]!);

/**
 * The graph that gives its means in the place of its picture, of several pictures at once: [N, C, 1, 1] each. The
 * outermost `edge` rows and columns are not counted, for there the network sees that the picture ends.
 */
function tellingMeans(graph: OnnxGraph, edge: number): OnnxGraph {
  const { nodes, weights = [], inputs, opsets } = graph;
  const means = new Set(meansIn(graph));
  const g = new GraphBuilder(opsets?.[''] ?? 13, 'inside');
  const [from, to, axes] = [g.wholes([edge, edge]), g.wholes([-edge, -edge]), g.wholes([2, 3])];
  const counted = (node: OnnxNode): OnnxNode[] => {
    const [of, ...others] = node.inputs;
    const inside = g.op('Slice', [of!, from, to, axes]);
    return [g.nodes.at(-1)!, { ...node, inputs: [inside, ...others] }];
  };
  return pruned({
    ...graph,
    inputs: inputs.map((input) => ({ ...input, dims: ['pictures', ...input.dims.slice(1)] })),
    outputs: [...means].map(({ outputs: [name] }, k) => ({
      name: name!,
      dims: ['pictures', `channels${k}`, 1, 1],
    })),
    nodes: nodes.flatMap((node) => (means.has(node) ? counted(node) : [node])),
    weights: [...weights, ...g.weights],
  });
}

/**
 * The graph that is given its means, [1, C, 1, 1] each, as further inputs: what it makes of a pixel then depends on what is
 * near alone.
 */
function givenMeans(graph: OnnxGraph): OnnxGraph {
  const means = new Set(meansIn(graph));
  return pruned({
    ...graph,
    inputs: [
      ...graph.inputs,
      ...[...means].map(({ outputs: [mean] }, k) => ({ name: mean!, dims: [1, `channels${k}`, 1, 1] })),
    ],
    nodes: graph.nodes.filter((node) => !means.has(node)),
  });
}

/** Of a sample the rows and columns along its edges, in which a network sees that it ends, are not counted. */
const UNCOUNTED = 4;

/** A network taken apart: what gives its means, and what is given them by these names. */
export interface MeansHalves {
  readonly names: readonly string[];
  readonly telling: OnnxGraph;
  readonly given: OnnxGraph;
}

/** Both halves of a network; one that takes no means has no names. */
export const meansHalves = (graph: OnnxGraph): MeansHalves => ({
  names: globalMeans(graph),
  telling: tellingMeans(graph, UNCOUNTED),
  given: givenMeans(graph),
});
