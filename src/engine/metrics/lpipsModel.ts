import type { OnnxNode, OnnxWeight } from '../onnx/graph';
import { onnxModel } from '../onnx/onnxModel';
import type { NpyArray } from './npz';

/** Input pixels a position of each layer's map. */
export const LAYER_STRIDES = [4, 8, 16, 16, 16] as const;

/** AlexNet's convolutions (Krizhevsky 2014, as torchvision has it): weights' shape, stride, padding, a pool before. */
const LAYERS = [
  { shape: [64, 3, 11, 11], stride: 4, padding: 2, pooled: false },
  { shape: [192, 64, 5, 5], stride: 1, padding: 2, pooled: true },
  { shape: [384, 192, 3, 3], stride: 1, padding: 1, pooled: true },
  { shape: [256, 384, 3, 3], stride: 1, padding: 1, pooled: false },
  { shape: [256, 256, 3, 3], stride: 1, padding: 1, pooled: false },
] as const;

/** LPIPS' own normalisation of pictures in [-1, 1]. */
const SHIFT = [-0.03, -0.088, -0.188];
const SPREAD = [0.458, 0.448, 0.45];
const EPSILON = 1e-10;

export const distanceName = (layer: number): string => `distance${layer}`;

/** The array `name` of exactly this shape; throws an `Error` that names both shapes. */
function arrayOf(
  arrays: ReadonlyMap<string, NpyArray>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const found = arrays.get(name);
  if (found?.dims.join() === shape.join()) return Float32Array.from(found.values);
  throw new Error(
    `${name} should be of ${shape.join(' x ')}, and is ${found?.dims.join(' x ') ?? 'not there'}`,
  );
}

/** One layer from its input's name on: its map, and both pictures' distance at each position of it. */
function layerNodes(layer: number, from: string): OnnxNode[] {
  const { shape, stride, padding, pooled } = LAYERS[layer]!;
  const at = (name: string): string => `${name}${layer}`;
  const node = (op: string, inputs: string[], output: string, attributes = {}): OnnxNode => ({
    op,
    inputs,
    outputs: [output],
    attributes,
  });
  const pool = { kernel_shape: [3, 3], strides: [2, 2] };
  const window = {
    kernel_shape: shape.slice(2),
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  };
  return [
    ...(pooled ? [node('MaxPool', [from], at('pooled'), pool)] : []),
    node('Conv', [pooled ? at('pooled') : from, at('weight'), at('bias')], at('sums'), window),
    node('Relu', [at('sums')], at('map')),
    node('ReduceL2', [at('map')], at('length'), { axes: [1], keepdims: 1 }),
    node('Add', [at('length'), 'epsilon'], at('positive')),
    node('Div', [at('map'), at('positive')], at('unit')),
    { op: 'Split', inputs: [at('unit')], outputs: [at('first'), at('second')], attributes: { axis: 0 } },
    node('Sub', [at('first'), at('second')], at('gap')),
    node('Mul', [at('gap'), at('gap')], at('square')),
    node('Conv', [at('square'), at('head')], distanceName(layer)),
  ];
}

/**
 * LPIPS v0.1 with AlexNet (Zhang et al., "The unreasonable effectiveness of deep features as a perceptual
 * metric", 2018) as an ONNX model: `reference` and `result` [1, 3, H, W] in [0, 1], at least 31 pixels a
 * side, to five outputs `distance0..4` [1, 1, h, w], whose means add up to the distance.
 * `arrays`: `convN.weight`, `convN.bias` (N = 1..5) and `linN` (0..4). Throws an `Error` where one is not right.
 */
export function lpipsModel(arrays: ReadonlyMap<string, NpyArray>): Uint8Array {
  const weights: OnnxWeight[] = LAYERS.flatMap(({ shape }, layer) => {
    const [out] = shape;
    const conv = `conv${layer + 1}`;
    return [
      { name: `weight${layer}`, dims: shape, values: arrayOf(arrays, `${conv}.weight`, shape) },
      { name: `bias${layer}`, dims: [out], values: arrayOf(arrays, `${conv}.bias`, [out]) },
      { name: `head${layer}`, dims: [1, out, 1, 1], values: arrayOf(arrays, `lin${layer}`, [out]) },
    ];
  });
  const perChannel = (name: string, value: (c: number) => number): OnnxWeight => ({
    name,
    dims: [1, 3, 1, 1],
    values: Float32Array.from({ length: 3 }, (_, c) => value(c)),
  });
  const picture = (name: string) => ({ name, dims: [1, 3, 'height', 'width'] });
  return onnxModel({
    inputs: [picture('reference'), picture('result')],
    outputs: LAYERS.map((_, layer) => ({
      name: distanceName(layer),
      dims: [1, 1, `height${layer}`, `width${layer}`],
    })),
    nodes: [
      { op: 'Concat', inputs: ['reference', 'result'], outputs: ['pair'], attributes: { axis: 0 } },
      { op: 'Mul', inputs: ['pair', 'gain'], outputs: ['scaled'] },
      { op: 'Add', inputs: ['scaled', 'offset'], outputs: ['normal'] },
      ...LAYERS.flatMap((_, layer) => layerNodes(layer, layer === 0 ? 'normal' : `map${layer - 1}`)),
    ],
    weights: [
      ...weights,
      perChannel('gain', (c) => 2 / SPREAD[c]!),
      perChannel('offset', (c) => -(1 + SHIFT[c]!) / SPREAD[c]!),
      { name: 'epsilon', dims: [1], values: Float32Array.of(EPSILON) },
    ],
  });
}
