import { countOf, type OnnxNode } from '../../onnx/graph';
import { wholesAttribute } from '../../onnx/staticGraph';
import { attributesOf, geometryOf, type Geometry } from './convolutionGeometry';
import type { GradientRule } from './rule';

/** How the windows lie; a last one that reaches beyond the padding (`ceil_mode`) is padded as far as it reaches. */
function windowsOf(node: OnnxNode, large: readonly number[], small: readonly number[]): Geometry {
  const channels = large[1]!;
  const weights = [channels, 1, ...wholesAttribute(node, 'kernel_shape')!];
  const geometry = geometryOf(node, weights, large, small);
  const { kernel, strides, dilations } = geometry;
  const pads = geometry.pads.map(([before, after], k): [number, number] => {
    const reached = strides[k]! * (small[k + 2]! - 1) + dilations[k]! * (kernel[k]! - 1) + 1;
    return [before, Math.max(after, reached - large[k + 2]! - before)];
  });
  return { ...geometry, group: channels, pads };
}

/** For each place in a window, and each window, 1 where it lies on the picture and 0 where on the padding. */
function onPicture({ kernel, taps, strides, dilations, pads }: Geometry, large: number[], small: number[]) {
  const windows = countOf(small);
  return Float32Array.from({ length: taps * windows }, (_, n) => {
    let [tap, window] = [Math.floor(n / windows), n % windows];
    for (let k = kernel.length - 1; k >= 0; k--) {
      const at = (window % small[k]!) * strides[k]! + (tap % kernel[k]!) * dilations[k]! - pads[k]![0];
      if (at < 0 || at >= large[k]!) return 0;
      tap = Math.floor(tap / kernel[k]!);
      window = Math.floor(window / small[k]!);
    }
    return 1;
  });
}

/**
 * All of a window's gradient goes to its largest number; several that are equal share it. Windows are laid beside each
 * other by a convolution whose kernels pick one place each, and put back where they overlap by the transposed one.
 */
export const maxPool: GradientRule = {
  saves: { inputs: [0], output: true },
  gradient({ g, node, dy, input, output, dims, outputDims }) {
    const [large, small] = [dims(0), outputDims()];
    const geometry = windowsOf(node, large, small);
    const { group: channels, taps, kernel, strides, dilations, pads } = geometry;
    const picks = g.floats(
      [channels * taps, 1, ...kernel],
      Float32Array.from({ length: channels * taps * taps }, (_, n) => {
        const tap = Math.floor(n / taps) % taps;
        return n % taps === tap ? 1 : 0;
      }),
    );
    const sides = small.slice(2);
    const perWindow = [small[0]!, channels, taps, ...sides];
    const beside = (a: string): string => g.reshape(a, [small[0]!, channels, 1, ...sides]);

    const windows = g.reshape(g.op('Conv', [input(0), picks], attributesOf(geometry)), perWindow);
    const isLargest = g.where(g.op('Equal', [windows, beside(output())]), g.scalar(1), g.scalar(0));
    const inside = onPicture(geometry, large.slice(2), sides);
    const share = inside.every((one) => one === 1)
      ? isLargest
      : g.mul(isLargest, g.floats([1, 1, taps, ...sides], inside));
    const many = g.reduce('ReduceSum', share, [2], true);
    const shared = g.reshape(g.mul(g.div(beside(dy), many), share), [small[0]!, channels * taps, ...sides]);
    const rest = kernel.map((size, k) => {
      const reached = strides[k]! * (sides[k]! - 1) + dilations[k]! * (size - 1) + 1;
      return large[k + 2]! + pads[k]![0] + pads[k]![1] - reached;
    });
    return g.op('ConvTranspose', [shared, picks], { ...attributesOf(geometry), output_padding: rest });
  },
};
