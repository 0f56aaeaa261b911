import type { GradientRule } from './rule';

export const neg: GradientRule = {
  saves: {},
  gradient: ({ g, dy }) => g.scaled(dy, -1),
};
