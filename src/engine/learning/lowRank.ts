import { countOf, type OnnxNode, type OnnxTensor } from '../onnx/graph';
import type { StaticGraph } from '../onnx/staticGraph';
import type { Parameter } from './parameters';

/**
 * Low-rank additions (Hu et al., "LoRA: Low-rank adaptation of large language models", 2021): instead of a weight W
 * itself, two thin matrices are learned whose product is added to it. Fewer numbers to learn, and to forget by.
 */
export interface LowRank {
  readonly graph: StaticGraph;
  /** The thin matrices, in pairs. */
  readonly parameters: readonly Parameter[];
  /** The weights that they are added to. */
  readonly adapted: readonly Parameter[];
}

/** Of a weight [outputs, ...]: its rows, and how long one is. */
const matrixOf = ({ dims }: Parameter): { rows: number; length: number } => ({
  rows: dims[0]!,
  length: countOf(dims.slice(1)),
});

const namesFor = (name: string) => ({
  left: `${name}/left`,
  right: `${name}/right`,
  product: `${name}/product`,
  addition: `${name}/addition`,
  sum: `${name}/sum`,
});

/** Numbers in general position: any will do, as long as no row is a multiple of another one, and the same every time. */
function beginning(count: number, length: number): Float32Array {
  return Float32Array.from(
    { length: count * length },
    (_, k) => Math.cos(1 + 0.7 * k * k) / Math.sqrt(length),
  );
}

/**
 * The graph with additions of a rank to those of the weights that are matrices of more than that; all else stays as it
 * is. The left matrices begin at zero, so that nothing is changed yet.
 * @param rank at least 1.
 */
export function withLowRank(graph: StaticGraph, weights: readonly Parameter[], rank: number): LowRank {
  const adapted = weights.filter((weight) => {
    const { rows, length } = matrixOf(weight);
    return rows > rank && length > rank;
  });
  const constants = new Map<string, OnnxTensor>(graph.constants);
  const dims = new Map(graph.dims);
  const nodes: OnnxNode[] = [];
  const parameters: Parameter[] = [];
  for (const weight of adapted) {
    const { rows, length } = matrixOf(weight);
    const { left, right, product, addition, sum } = namesFor(weight.name);
    const learn = (name: string, shape: readonly number[], values: Float32Array): void => {
      constants.set(name, { dims: shape, values });
      dims.set(name, shape);
      parameters.push({ name, dims: shape, layer: weight.layer });
    };
    learn(left, [rows, rank], new Float32Array(rows * rank));
    learn(right, [rank, length], beginning(rank, length));
    const shape = `${addition}/shape`;
    constants.set(shape, { dims: [weight.dims.length], values: BigInt64Array.from(weight.dims, BigInt) });
    nodes.push({ op: 'MatMul', inputs: [left, right], outputs: [product] });
    nodes.push({ op: 'Reshape', inputs: [product, shape], outputs: [addition] });
    nodes.push({ op: 'Add', inputs: [weight.name, addition], outputs: [sum] });
    dims.set(product, [rows, length]);
    dims.set(addition, weight.dims);
    dims.set(sum, weight.dims);
  }
  const sums = new Map(adapted.map(({ name }) => [name, namesFor(name).sum]));
  const rewired = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((name) => sums.get(name) ?? name),
  }));
  return { graph: { ...graph, nodes: [...nodes, ...rewired], constants, dims }, parameters, adapted };
}

/** The weights with what was learned added to them, one after the other, as `trainedModel` takes them. */
export function mergedWeights({ graph, parameters, adapted }: LowRank, flat: Float32Array): Float32Array {
  const merged = new Float32Array(adapted.reduce((sum, { dims }) => sum + countOf(dims), 0));
  let [from, into] = [0, 0];
  adapted.forEach((weight, k) => {
    const { rows, length } = matrixOf(weight);
    const rank = parameters[2 * k]!.dims[1]!;
    const left = flat.subarray(from, (from += rows * rank));
    const right = flat.subarray(from, (from += rank * length));
    const before = graph.constants.get(weight.name)!.values;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < length; column++) {
        let sum = Number(before[row * length + column]);
        for (let r = 0; r < rank; r++) sum += left[row * rank + r]! * right[r * length + column]!;
        merged[into++] = sum;
      }
    }
  });
  return merged;
}
