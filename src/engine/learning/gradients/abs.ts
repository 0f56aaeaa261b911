import type { GradientRule } from './rule';

/** dy/dx is the sign of x, 0 where x is. Written without Sign, for which WebGPU has no kernel. */
export const abs: GradientRule = {
  saves: { inputs: [0] },
  gradient({ g, dy, input }) {
    const isBelow = g.op('Less', [input(0), g.scalar(0)]);
    return g.where(g.isPositive(input(0)), dy, g.where(isBelow, g.scaled(dy, -1), g.scalar(0)));
  },
};
