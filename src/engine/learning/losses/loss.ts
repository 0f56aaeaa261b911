import type { GraphBuilder } from '../../onnx/graphBuilder';

/** Two batches of pictures [N, C, H, W] of one shape, values in [0, 1]. */
export interface Compared {
  readonly output: string;
  readonly target: string;
  readonly dims: readonly number[];
}

/** Emits the loss, a scalar: the mean over all numbers unless said otherwise. It is differentiated like any graph. */
export type Loss = (g: GraphBuilder, compared: Compared) => string;

/** Of the names of all values that a loss is made of: they are no part of the model. */
export const LOSS_PREFIX = 'learning/loss';

/** The mean over everything. */
export const meanOf = (g: GraphBuilder, value: string, rank: number): string =>
  g.reduce(
    'ReduceMean',
    value,
    Array.from({ length: rank }, (_, k) => k),
    false,
  );
