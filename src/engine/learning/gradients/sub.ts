import type { GradientRule } from './rule';

export const sub: GradientRule = {
  saves: {},
  broadcasts: true,
  gradient: ({ g, dy }, k) => (k === 0 ? dy : g.scaled(dy, -1)),
};
