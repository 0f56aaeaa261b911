import { expect, it } from 'vitest';
import type { OnnxGraph } from '../../../src/engine/onnx/graph';
import { pruned } from '../../../src/engine/onnx/pruned';

const node = (op: string, inputs: string[], output: string) => ({ op, inputs, outputs: [output] });
const value = (name: string) => ({ name, dims: [1] });
const weight = (name: string) => ({ name, dims: [1], values: Float32Array.of(1) });

it('leaves what the outputs need, in its order, and the inputs as they were', () => {
  const graph: OnnxGraph = {
    inputs: [value('a'), value('b')],
    outputs: [value('c')],
    nodes: [
      node('Relu', ['b'], 'aside'),
      node('Mul', ['a', 'used'], 'm'),
      node('Add', ['aside', 'unused'], 'sum'),
      node('Neg', ['m'], 'c'),
    ],
    weights: [weight('used'), weight('unused')],
  };
  const left = pruned(graph);
  expect(left.nodes.map(({ op }) => op)).toEqual(['Mul', 'Neg']);
  expect(left.weights!.map(({ name }) => name)).toEqual(['used']);
  expect(left.inputs).toEqual(graph.inputs);
});
