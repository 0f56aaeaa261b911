import { meanOf, type Loss } from './loss';

const EPSILON = 1e-3;

/** Mean of sqrt(d^2 + eps^2), an L1 that is smooth at zero (Lai et al., "Deep Laplacian pyramid networks", 2017). */
export const charbonnier: Loss = (g, { output, target, dims }) => {
  const squared = g.square(g.sub(output, target));
  return meanOf(g, g.op('Sqrt', [g.add(squared, g.scalar(EPSILON ** 2))]), dims.length);
};
