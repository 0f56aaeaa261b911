import type { GradientRule } from './rule';

export const where: GradientRule = {
  saves: { inputs: [0] },
  fixed: [0],
  broadcasts: true,
  gradient: ({ g, dy, input }, k) =>
    k === 1 ? g.where(input(0), dy, g.scalar(0)) : g.where(input(0), g.scalar(0), dy),
};
