import { meanOf, type Loss } from './loss';

/** Mean squared error. */
export const l2: Loss = (g, { output, target, dims }) =>
  meanOf(g, g.square(g.sub(output, target)), dims.length);
