import { countOf, type OnnxNode } from '../../onnx/graph';
import { textAttribute, wholeAttribute, wholesAttribute } from '../../onnx/staticGraph';

/** How a convolution moves over its input; one number an axis of the picture. */
export interface Geometry {
  readonly group: number;
  readonly kernel: readonly number[];
  /** Numbers in a kernel. */
  readonly taps: number;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Before and after. */
  readonly pads: readonly (readonly [number, number])[];
}

/** Axes of a picture are those after N and C. */
const sides = (dims: readonly number[]): readonly number[] => dims.slice(2);

/**
 * The geometry of a Conv from the larger picture to the smaller, or of a ConvTranspose from the smaller to the
 * larger: they move alike. Padding that is only described ("SAME") is worked out.
 */
export function geometryOf(
  node: OnnxNode,
  weights: readonly number[],
  large: readonly number[],
  small: readonly number[],
): Geometry {
  const kernel = sides(weights);
  const strides = wholesAttribute(node, 'strides') ?? kernel.map(() => 1);
  const dilations = wholesAttribute(node, 'dilations') ?? kernel.map(() => 1);
  const auto = textAttribute(node, 'auto_pad', 'NOTSET');
  const given = wholesAttribute(node, 'pads');
  const pads = kernel.map((size, k): [number, number] => {
    if (auto === 'NOTSET') return [given?.[k] ?? 0, given?.[k + kernel.length] ?? 0];
    if (auto === 'VALID') return [0, 0];
    const reach = strides[k]! * (sides(small)[k]! - 1) + dilations[k]! * (size - 1) + 1;
    const all = Math.max(0, reach - sides(large)[k]!);
    const less = Math.floor(all / 2);
    return auto === 'SAME_UPPER' ? [less, all - less] : [all - less, less];
  });
  return { group: wholeAttribute(node, 'group', 1), kernel, taps: countOf(kernel), strides, dilations, pads };
}

/** The same for a node of Conv or ConvTranspose. */
export const attributesOf = ({ group, kernel, strides, dilations, pads }: Geometry) => ({
  group,
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)],
});

/** The padding with which a convolution of stride 1 goes back to the larger picture; undefined where none does. */
export function mirroredPads({ kernel, strides, dilations, pads }: Geometry): Geometry['pads'] | undefined {
  if (strides.some((stride) => stride !== 1)) return undefined;
  const mirrored = kernel.map((size, k): [number, number] => {
    const reach = dilations[k]! * (size - 1);
    return [reach - pads[k]![0], reach - pads[k]![1]];
  });
  return mirrored.flat().every((pad) => pad >= 0) ? mirrored : undefined;
}
