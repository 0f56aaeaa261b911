import { countOf, type OnnxNode } from '../onnx/graph';
import type { StaticGraph } from '../onnx/staticGraph';

const BYTES = 4;

/** Channels: convolutions are made in whole blocks of so many, a picture's three too. */
const BLOCK = 16;

/** Results of these take the place of an input of the same size that nobody reads afterwards. */
const IN_PLACE = new Set([
  'Add',
  'Cast',
  'Clip',
  'Identity',
  'LeakyRelu',
  'Mul',
  'PRelu',
  'Relu',
  'Reshape',
  'Sigmoid',
  'Sub',
  'Tanh',
]);

/** What a convolution makes, and what takes its place. */
function blockedValues({ nodes, dims }: StaticGraph): ReadonlySet<string> {
  const blocked = new Set<string>();
  for (const { op, inputs, outputs } of nodes) {
    const output = outputs[0]!;
    const shape = String(dims.get(output));
    const inPlace =
      IN_PLACE.has(op) && inputs.some((name) => blocked.has(name) && String(dims.get(name)) === shape);
    if (inPlace || (op === 'Conv' && dims.get(output)?.length === 4)) blocked.add(output);
  }
  return blocked;
}

/** Bytes of the values that are alive at the worst moment of a run, nodes in their order; weights apart. */
export function liveBytes(graph: StaticGraph, input: string): number {
  const blocked = blockedValues(graph);
  const bytesOf = (name: string): number => {
    const shape = graph.dims.get(name) ?? [0];
    const channels = blocked.has(name) ? [Math.ceil(shape[1]! / BLOCK) * BLOCK] : shape.slice(1, 2);
    return BYTES * countOf([...shape.slice(0, 1), ...channels, ...shape.slice(2)]);
  };
  const last = new Map<string, number>();
  graph.nodes.forEach(({ inputs }, place) => inputs.forEach((name) => last.set(name, place)));
  const alive = new Map([[input, bytesOf(input)]]);
  let worst = 0;
  graph.nodes.forEach(({ op, inputs, outputs }, place) => {
    const ending = inputs.filter((name) => last.get(name) === place && alive.has(name));
    for (const name of outputs) {
      const size = bytesOf(name);
      const same = IN_PLACE.has(op) ? ending.find((one) => alive.get(one) === size) : undefined;
      if (same !== undefined) alive.delete(same);
      alive.set(name, size);
    }
    worst = Math.max(
      worst,
      [...alive.values()].reduce((sum, size) => sum + size, 0),
    );
    for (const name of ending) alive.delete(name);
  });
  return worst;
}

/** Multiplications of one node: those of convolutions and products of matrices, beside which others do not count. */
function macsOf({ op, inputs, outputs }: OnnxNode, { dims }: StaticGraph): number {
  const [a, b, y] = [dims.get(inputs[0]!), dims.get(inputs[1] ?? ''), dims.get(outputs[0]!)];
  if (!a || !b || !y) return 0;
  if (op === 'Conv') return countOf(y) * countOf(b.slice(1));
  if (op === 'ConvTranspose') return countOf(a) * countOf(b.slice(1));
  if (op === 'MatMul' || op === 'Gemm') return countOf(y) * a.at(-1)!;
  return 0;
}

/** Multiplications of a run. */
export const macs = (graph: StaticGraph): number =>
  graph.nodes.reduce((sum, node) => sum + macsOf(node, graph), 0);
