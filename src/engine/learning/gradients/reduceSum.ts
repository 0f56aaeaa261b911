import { repeated } from './reduction';
import type { GradientRule } from './rule';

export const reduceSum: GradientRule = {
  saves: {},
  fixed: [1],
  gradient: (backward) => repeated(backward, 1),
};
