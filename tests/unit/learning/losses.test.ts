import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differentiate } from '../../../src/engine/learning/differentiate';
import { GraphBuilder } from '../../../src/engine/onnx/graphBuilder';
import { crossEntropy, frequencySpecific } from '../../../src/engine/learning/losses/crossEntropy';
import type { Loss } from '../../../src/engine/learning/losses/loss';
import { LOSSES, type PictureLossName } from '../../../src/engine/learning/losses/losses';
import { staticGraphOf } from '../../../src/engine/onnx/staticGraphOf';
import type { OnnxGraph } from '../../../src/engine/onnx/graph';
import { onnxModel } from '../../../src/engine/onnx/onnxModel';
import { runOnce } from '../../fixtures/runOnce';
import { largestDifference } from '../seeded';

interface Listed {
  dims: number[];
  values: number[];
}

interface Found {
  loss: number;
  gradient: number[];
}

/** tests/fixtures/gradients/write.py makes these with PyTorch. */
const { output, target, losses, choice } = JSON.parse(
  readFileSync('tests/fixtures/gradients/losses.json', 'utf8'),
) as {
  output: Listed;
  target: Listed;
  losses: Record<PictureLossName, Found>;
  choice: { scores: Listed; levels: Listed; smooth: Listed; crossEntropy: Found; frequencySpecific: Found };
};

/** The loss of an output beside a target, and its gradient to the output. */
async function lossAndGradient(loss: Loss, output: Listed, target: Listed): Promise<[number, Float32Array]> {
  const g = new GraphBuilder(17, 'loss');
  const name = loss(g, { output: 'output', target: 'target', dims: output.dims });
  const graph: OnnxGraph = {
    inputs: [
      { name: 'output', dims: output.dims },
      { name: 'target', dims: target.dims },
    ],
    outputs: [{ name, dims: [] }],
    nodes: g.nodes,
    weights: g.weights,
    opsets: { '': 17 },
  };
  const known = await staticGraphOf(graph, { output: output.dims, target: target.dims }, runOnce);
  const back = new GraphBuilder(17, 'back');
  const gradient = differentiate(known, name, new Set(['output']), back).get('output')!;
  const found = await runOnce(
    onnxModel({
      ...graph,
      nodes: [...g.nodes, ...back.nodes],
      weights: [...g.weights, ...back.weights],
      outputs: [name, gradient].map((value) => ({ name: value, dims: [] })),
    }),
    {
      output: { dims: output.dims, data: Float32Array.from(output.values) },
      target: { dims: target.dims, data: Float32Array.from(target.values) },
    },
  );
  return [found.get(name)!.data[0]!, found.get(gradient)!.data];
}

function expectSame([loss, gradient]: [number, Float32Array], wanted: Found): void {
  expect(loss / wanted.loss).toBeCloseTo(1, 5);
  const largest = Math.max(...wanted.gradient.map(Math.abs));
  expect(largestDifference(gradient, wanted.gradient) / largest).toBeLessThan(2e-3);
}

it.each(Object.keys(LOSSES) as PictureLossName[])(
  'the loss %s and its gradient are those of PyTorch',
  async (name) => expectSame(await lossAndGradient(LOSSES[name], output, target), losses[name]),
);

/** Logits alone: the scores without their first, which is the regressed part. */
const part = ({ dims, values }: Listed, from: number): Listed => ({
  dims: [dims[0]!, dims[1]! - from, ...dims.slice(2)],
  values: values.slice((from * values.length) / dims[1]!),
});

it('cross-entropy and its gradient are those of PyTorch', async () => {
  const { scores, levels, crossEntropy: wanted } = choice;
  const [count, ...rest] = levels.dims;
  const found = await lossAndGradient(crossEntropy, part(scores, 1), {
    ...levels,
    dims: [count!, 1, ...rest],
  });
  expectSame(found, {
    loss: wanted.loss,
    gradient: part({ dims: scores.dims, values: wanted.gradient }, 1).values,
  });
});

it('frequency-specific cross-entropy and its gradient are those of PyTorch', async () => {
  const { scores, levels, smooth } = choice;
  const [count, ...rest] = levels.dims;
  const both = { dims: [count!, 2, ...rest], values: [...smooth.values, ...levels.values] };
  expectSame(await lossAndGradient(frequencySpecific, scores, both), choice.frequencySpecific);
});
