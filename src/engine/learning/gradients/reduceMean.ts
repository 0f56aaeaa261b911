import { reducedCount, repeated } from './reduction';
import type { GradientRule } from './rule';

export const reduceMean: GradientRule = {
  saves: {},
  fixed: [1],
  gradient: (backward) => repeated(backward, 1 / reducedCount(backward)),
};
