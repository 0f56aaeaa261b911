import { meanOf, type Loss } from './loss';

/** Mean absolute error. */
export const l1: Loss = (g, { output, target, dims }) =>
  meanOf(g, g.op('Abs', [g.sub(output, target)]), dims.length);
