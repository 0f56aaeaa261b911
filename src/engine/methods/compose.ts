/**
 * How a scale is reached by a method that has only some.
 *
 * One pass, of the smallest factor of `trained` (whole, 2 or more) that is at least `scale`, what is too large
 * taken back by the reference bicubic: 2.5 gives [3]. Beyond the largest, one pass of that, followed by the
 * bicubic up to the scale: 7 gives [4].
 *
 * With `cascade` pass follows pass until the scale is reached: the factors whose product is at least `scale`, as
 * few as will do, then the smallest product, smaller factors first (the last pass is the dearest, and is then
 * the shortest way from its input): 7 gives [2, 4], 30 gives [2, 4, 4]. It costs four to thirty times as much
 * and gains EDSR 0.05 to 0.08 dB on Set5 at x5 to x8.
 *
 * Scale 1 gives no factor: the photo's own pixels.
 */
export function factorsFor(scale: number, trained: readonly number[], cascade = false): number[] {
  const factors = [...new Set(trained)].filter((factor) => factor > 1).sort((a, b) => a - b);
  const largest = factors.at(-1);
  if (scale <= 1) return [];
  if (largest === undefined) {
    throw new RangeError(
      `a scale of ${scale} needs a factor above 1, received ${trained.join(', ') || 'none'}`,
    );
  }
  const enough = scale * (1 - 1e-9);
  if (!cascade) return [factors.find((factor) => factor >= enough) ?? largest];
  let passes = 1;
  while (largest ** passes < enough) passes++;
  return smallestProduct(factors, passes, enough);
}

/** Of all non-falling sequences of `passes` factors with a product of `enough` or more, the smallest product. */
function smallestProduct(factors: readonly number[], passes: number, enough: number): number[] {
  let best: number[] = [];
  let bestProduct = Infinity;
  const extend = (chosen: number[], product: number, from: number): void => {
    if (chosen.length === passes) {
      if (product >= enough && product < bestProduct) [best, bestProduct] = [chosen, product];
      return;
    }
    for (let k = from; k < factors.length; k++) {
      extend([...chosen, factors[k]!], product * factors[k]!, k);
    }
  };
  extend([], 1, 0);
  return best;
}
