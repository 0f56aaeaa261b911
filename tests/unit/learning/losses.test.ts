import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differentiate } from '../../../src/engine/learning/differentiate';
import { GraphBuilder } from '../../../src/engine/onnx/graphBuilder';
import { LOSSES } from '../../../src/engine/learning/losses/losses';
import type { LossName } from '../../../src/shared/contract';
import { staticGraphOf } from '../../../src/engine/onnx/staticGraphOf';
import type { OnnxGraph } from '../../../src/engine/onnx/graph';
import { onnxModel } from '../../../src/engine/onnx/onnxModel';
import { runOnce } from '../../fixtures/runOnce';
import { largestDifference } from '../seeded';

interface Listed {
  dims: number[];
  values: number[];
}

/** tests/fixtures/gradients/write.py makes these with PyTorch. */
const { output, target, losses } = JSON.parse(
  readFileSync('tests/fixtures/gradients/losses.json', 'utf8'),
) as { output: Listed; target: Listed; losses: Record<LossName, { loss: number; gradient: number[] }> };

it.each(Object.keys(LOSSES) as LossName[])(
  'the loss %s and its gradient are those of PyTorch',
  async (name) => {
    const { dims } = output;
    const g = new GraphBuilder(17, 'loss');
    const loss = LOSSES[name](g, { output: 'output', target: 'target', dims });
    const graph: OnnxGraph = {
      inputs: [
        { name: 'output', dims },
        { name: 'target', dims },
      ],
      outputs: [{ name: loss, dims: [] }],
      nodes: g.nodes,
      weights: g.weights,
      opsets: { '': 17 },
    };
    const known = await staticGraphOf(graph, { output: dims, target: dims }, runOnce);
    const back = new GraphBuilder(17, 'back');
    const gradient = differentiate(known, loss, new Set(['output']), back).get('output')!;
    const found = await runOnce(
      onnxModel({
        ...graph,
        nodes: [...g.nodes, ...back.nodes],
        weights: [...g.weights, ...back.weights],
        outputs: [loss, gradient].map((value) => ({ name: value, dims: [] })),
      }),
      {
        output: { dims, data: Float32Array.from(output.values) },
        target: { dims, data: Float32Array.from(target.values) },
      },
    );
    expect(found.get(loss)!.data[0]).toBeCloseTo(losses[name].loss, 5);
    const largest = Math.max(...losses[name].gradient.map(Math.abs));
    expect(largestDifference(found.get(gradient)!.data, losses[name].gradient) / largest).toBeLessThan(2e-3);
  },
);
