import { countOf } from '../../onnx/graph';
import type { GraphBuilder } from '../../onnx/graphBuilder';
import { attributesOf, mirroredPads, type Geometry } from './convolutionGeometry';

interface Picture {
  readonly name: string;
  readonly dims: readonly number[];
}

/**
 * im2col: every neighbour that a kernel sees as a channel of its own, [N, C taps, ...]. As a depthwise convolution
 * with kernels of a single one, which was the fastest of the ways tried on a processor.
 */
function neighbours(
  g: GraphBuilder,
  { name, dims }: Picture,
  geometry: Geometry,
  isReversed: boolean,
): string {
  const { taps, kernel } = geometry;
  if (taps === 1 && attributesAreTrivial(geometry)) return name;
  const channels = dims[1]!;
  const ones = new Float32Array(channels * taps * taps);
  for (let k = 0; k < channels * taps; k++) {
    const tap = k % taps;
    ones[k * taps + (isReversed ? taps - 1 - tap : tap)] = 1;
  }
  const kernels = g.floats([channels * taps, 1, ...kernel], ones);
  return g.op('Conv', [name, kernels], attributesOf({ ...geometry, group: channels }));
}

const attributesAreTrivial = ({ strides, pads }: Geometry): boolean =>
  strides.every((stride) => stride === 1) && pads.flat().every((pad) => pad === 0);

/**
 * The gradient to kernels [small channels, large channels / group, ...] that relate a large picture and a small:
 * the sum over all positions of small x neighbours(large)^T. For a Conv the large one is its input and the small
 * one the gradient of its output; for a ConvTranspose the other way round.
 */
export function kernelGradient(g: GraphBuilder, large: Picture, small: Picture, geometry: Geometry): string {
  const { group, kernel, taps } = geometry;
  const [batch, wide, narrow] = [large.dims[0]!, large.dims[1]!, small.dims[1]!];
  const mirrored = mirroredPads(geometry);
  if (group === 1 && narrow < wide && mirrored) {
    // The neighbours of the side with fewer channels are fewer.
    const columns = neighbours(g, small, { ...geometry, pads: mirrored }, true);
    const positions = countOf(large.dims.slice(2));
    const byTap = g.reshape(columns, [batch, narrow * taps, positions]);
    const whole = g.transpose(g.reshape(large.name, [batch, wide, positions]), [0, 2, 1]);
    const summed = g.reduce('ReduceSum', g.matMul(byTap, whole), [0], false);
    const ordered = g.transpose(g.reshape(summed, [narrow, taps, wide]), [0, 2, 1]);
    return g.reshape(ordered, [narrow, wide, ...kernel]);
  }
  const positions = countOf(small.dims.slice(2));
  const columns = neighbours(g, large, geometry, false);
  const byTap = g.reshape(columns, [batch, group, (wide / group) * taps, positions]);
  const grads = g.reshape(small.name, [batch, group, narrow / group, positions]);
  const product = g.matMul(grads, g.transpose(byTap, [0, 1, 3, 2]));
  return g.reshape(g.reduce('ReduceSum', product, [0], false), [narrow, wide / group, ...kernel]);
}
