import type { GradientRule } from './rule';

/** Nothing comes back from what was cut off; at the limits themselves all of it does. */
export const clip: GradientRule = {
  saves: { inputs: [0] },
  fixed: [1, 2],
  gradient({ g, dy, input, constant }) {
    const cut = (op: 'Less' | 'Greater', gradient: string, limit: number | undefined): string =>
      limit === undefined ? gradient : g.where(g.op(op, [input(0), g.scalar(limit)]), g.scalar(0), gradient);
    const limitOf = (k: number): number | undefined => {
      const limit = constant(k);
      return limit && Number(limit.values[0]);
    };
    return cut('Greater', cut('Less', dy, limitOf(1)), limitOf(2));
  },
};
