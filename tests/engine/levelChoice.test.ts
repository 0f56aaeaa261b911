import { describe, expect, it } from 'vitest';
import { levelChoiceIn } from '../../src/engine/finetune/levelChoice';
import type { OnnxGraph, OnnxNode } from '../../src/engine/onnx/graph';

/** A decoder that chooses along an axis: features / heat, softmax, the mean of the levels, what is regressed. */
function decoder(axis: number): OnnxGraph {
  const nodes: OnnxNode[] = [
    { op: 'Div', inputs: ['scores', 'heat'], outputs: ['sharpened'] },
    { op: 'Softmax', inputs: ['sharpened'], outputs: ['share'], attributes: { axis } },
    { op: 'MatMul', inputs: ['share', 'levels'], outputs: ['mean'] },
    { op: 'Add', inputs: ['low', 'mean'], outputs: ['output'] },
  ];
  return {
    name: 'decoder',
    inputs: [],
    outputs: [{ name: 'output', dims: [1, 3, 4, 4] }],
    nodes,
  } as OnnxGraph;
}

describe('the choice among levels in a decoder', () => {
  it('is found with what is regressed, its levels last', () => {
    expect(levelChoiceIn(decoder(-1), 'fcs')).toEqual({
      logits: 'scores',
      levelsFirst: false,
      regressed: 'low',
    });
  });

  it('is found where a share of it is taken at the end', () => {
    const whole = decoder(-1);
    const nodes = [
      ...whole.nodes.slice(0, -1),
      { op: 'Add', inputs: ['low', 'mean'], outputs: ['made'] },
      { op: 'Mul', inputs: ['made', 'structure'], outputs: ['output'] },
    ];
    expect(levelChoiceIn({ ...whole, nodes }, 'fcs')).toEqual(levelChoiceIn(whole, 'fcs'));
  });

  it('is found in decoders of earlier versions, whose levels are first', () => {
    expect(levelChoiceIn(decoder(1), 'fcs').levelsFirst).toBe(true);
  });
});
