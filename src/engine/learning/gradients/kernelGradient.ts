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
 * From so many channels on either side a product for each tap is faster than im2col: what a tap sees stays in the
 * processor's cache, where the columns of all taps do not, and the products are wide enough to be worth their start.
 */
const MANY_CHANNELS = 8;

/** For every tap the large picture as that tap sees it, at the positions of the small one: [N, C, positions]. */
function* windows(
  g: GraphBuilder,
  { name, dims }: Picture,
  small: Picture,
  { kernel, taps, strides, dilations, pads }: Geometry,
): Generator<string, void> {
  const isPadded = pads.flat().some((pad) => pad > 0);
  const ends = [0, 1].map((end) => [0, 0, ...pads.map((pad) => pad[end]!)]);
  const padded = isPadded ? g.op('Pad', [name, g.wholes(ends.flat())]) : name;
  const axes = kernel.map((_, k) => k + 2);
  for (let tap = 0; tap < taps; tap++) {
    const place = kernel.map((size, k) => Math.floor(tap / countOf(kernel.slice(k + 1))) % size);
    const starts = place.map((at, k) => at * dilations[k]!);
    const stops = starts.map((start, k) => start + strides[k]! * (small.dims[k + 2]! - 1) + 1);
    const seen = g.op('Slice', [padded, ...[starts, stops, axes, strides].map((whole) => g.wholes(whole))]);
    yield g.reshape(seen, [dims[0]!, dims[1]!, countOf(small.dims.slice(2))]);
  }
}

/** Tap by tap, each a product over all positions; the side with more channels is on the left, which is faster. */
function tapByTap(g: GraphBuilder, large: Picture, small: Picture, geometry: Geometry): string {
  const [batch, wide, narrow] = [large.dims[0]!, large.dims[1]!, small.dims[1]!];
  const flat = g.reshape(small.name, [batch, narrow, countOf(small.dims.slice(2))]);
  const turned = (value: string): string => g.transpose(value, [0, 2, 1]);
  const isSmallLeft = narrow >= wide;
  const products = Array.from(windows(g, large, small, geometry), (seen) =>
    isSmallLeft ? g.matMul(flat, turned(seen)) : g.matMul(seen, turned(flat)),
  );
  const summed = g.reduce('ReduceSum', g.op('Concat', products, { axis: 1 }), [0], false);
  const byTap = g.reshape(summed, [geometry.taps, ...(isSmallLeft ? [narrow, wide] : [wide, narrow])]);
  const ordered = g.transpose(byTap, isSmallLeft ? [1, 2, 0] : [2, 1, 0]);
  return g.reshape(ordered, [narrow, wide, ...geometry.kernel]);
}

/**
 * The gradient to kernels [small channels, large channels / group, ...] that relate a large picture and a small:
 * the sum over all positions of small x neighbours(large)^T. For a Conv the large one is its input and the small
 * one the gradient of its output; for a ConvTranspose the other way round.
 */
export function kernelGradient(g: GraphBuilder, large: Picture, small: Picture, geometry: Geometry): string {
  const { group, kernel, taps } = geometry;
  const [batch, wide, narrow] = [large.dims[0]!, large.dims[1]!, small.dims[1]!];
  if (group === 1 && taps > 1 && Math.min(wide, narrow) >= MANY_CHANNELS) {
    return tapByTap(g, large, small, geometry);
  }
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
