import type { OnnxNode, OnnxTensor } from '../../onnx/graph';
import type { GraphBuilder } from '../../onnx/graphBuilder';

/** What a rule sees of the node that it goes back through. */
export interface Backward {
  readonly g: GraphBuilder;
  readonly node: OnnxNode;
  /** Gradient of the loss to the first output. */
  readonly dy: string;
  /** Gradient to any of several outputs; undefined where the loss does not depend on it. */
  readonly dyOf: (output: number) => string | undefined;
  /** The k-th input, which must be among what the rule `saves`. */
  readonly input: (k: number) => string;
  /** The first output, where the rule `saves` it. */
  readonly output: () => string;
  /** Shapes are always known. */
  readonly dims: (k: number) => readonly number[];
  readonly outputDims: (k?: number) => readonly number[];
  /** The k-th input, where it is a constant; undefined too where it is left out. */
  readonly constant: (k: number) => OnnxTensor | undefined;
}

/**
 * How the gradient of a loss goes back through one operator.
 * A rule declares what of the forward pass it needs, and is given nothing else: that is what stays in memory.
 */
export interface GradientRule {
  readonly saves: { readonly inputs?: readonly number[]; readonly output?: boolean };
  /** Inputs through which no gradient goes (indices, shapes), as opposed to those that are pictures or weights. */
  readonly fixed?: readonly number[];
  /** Inputs that are this operator's weights where they are constants. */
  readonly parameters?: readonly number[];
  /** Inputs are broadcast against each other: a gradient of the output's shape is summed back to the input's. */
  readonly broadcasts?: boolean;
  /** Emits the gradient to the k-th input; called for those only that are wanted. */
  gradient(backward: Backward, k: number): string;
}
