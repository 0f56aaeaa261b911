import type { GradientRule } from './rule';

/** Operators that only write the same numbers in another shape: Reshape, Flatten, Squeeze, Unsqueeze. */
export const reshaped: GradientRule = {
  saves: {},
  fixed: [1],
  gradient: ({ g, dy, dims }) => g.reshape(dy, dims(0)),
};
