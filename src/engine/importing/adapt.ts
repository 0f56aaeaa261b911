import type { OnnxGraph } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import { RANGES, type ModelForm } from './form';

/** Height and width of the picture, as two whole numbers of the graph. */
const sidesOf = (g: GraphBuilder, picture: string): string => g.slice(g.op('Shape', [picture]), 0, 2, 4);

/** Sides that the model takes: the next multiples of m, or those of its only size. */
function sidesTaken(g: GraphBuilder, sides: string, { multiple: m, only }: ModelForm): string {
  if (only) return g.wholes([only.height, only.width]);
  const multiple = g.wholes([m]);
  return g.mul(g.div(g.add(sides, g.wholes([m - 1])), multiple), multiple);
}

/** Filled up at the right and below, with the picture's edge. */
function filledUp(g: GraphBuilder, picture: string, sides: string, whole: string): string {
  const pads = g.op('Concat', [g.wholes([0, 0, 0, 0, 0, 0]), g.sub(whole, sides)], { axis: 0 });
  return g.op('Pad', [picture, pads], { mode: { text: 'edge' } });
}

const turnedColours = (g: GraphBuilder, picture: string): string =>
  g.op('Gather', [picture, g.wholes([2, 1, 0])], { axis: 1 });

/**
 * A model in the form of all methods: `input` [1, C, height, width] to `output`, float32, RGB in [0, 1], any size.
 * What it wants itself is put around it as nodes of the graph, so that nothing else need know of it; one that runs at
 * one size only takes what is no larger than that.
 * @param graph as `endsOf` gives it.
 */
export function adapted(graph: OnnxGraph, form: ModelForm): OnnxGraph {
  const { channels, layout, order, range, multiple, only, scale, takesBytes } = form;
  const isFilled = multiple > 1 || only !== undefined;
  const opset = graph.opsets?.[''] ?? 13;
  const { span, black } = RANGES[range];
  const before = new GraphBuilder(opset, 'before');
  const sides = isFilled ? sidesOf(before, 'input') : '';
  let picture = isFilled ? filledUp(before, 'input', sides, sidesTaken(before, sides, form)) : 'input';
  if (order === 'BGR') picture = turnedColours(before, picture);
  picture = before.scaled(picture, span);
  if (black !== 0) picture = before.add(picture, before.scalar(black));
  if (takesBytes) {
    picture = before.op('Clip', [before.op('Round', [picture]), before.scalar(0), before.scalar(255)]);
  }
  if (layout === 'NHWC') picture = before.transpose(picture, [0, 2, 3, 1]);
  before.define('model.in', 'Identity', [picture]);

  const after = new GraphBuilder(opset, 'after');
  let value = layout === 'NHWC' ? after.transpose('model.out', [0, 3, 1, 2]) : 'model.out';
  if (black !== 0) value = after.add(value, after.scalar(-black));
  value = after.scaled(value, 1 / span);
  if (order === 'BGR') value = turnedColours(after, value);
  if (isFilled) {
    const ends = after.mul(sides, after.wholes([scale]));
    value = after.op('Slice', [value, after.wholes([0, 0]), ends, after.wholes([2, 3])]);
  }
  after.define('output', 'Identity', [value]);

  return {
    inputs: [{ name: 'input', dims: [1, channels, 'height', 'width'] }],
    outputs: [{ name: 'output', dims: [1, channels, 'output_height', 'output_width'] }],
    nodes: [...before.nodes, ...graph.nodes, ...after.nodes],
    weights: [...before.weights, ...(graph.weights ?? []), ...after.weights],
    opsets: graph.opsets,
  };
}
