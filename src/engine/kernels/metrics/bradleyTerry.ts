import { NORMAL_975, type Estimate } from './opinion';

type Matrix = readonly (readonly number[])[];

/** Largest change of a strength in a step, and the change at which the steps end. */
const STEP_MAX = 5;
const STEP_END = 1e-10;
const STEPS_MAX = 200;

/** Whether everything was compared with everything, directly or through others. */
function isConnected(pairs: Matrix): boolean {
  const reached = new Set([0]);
  for (const one of reached) pairs[one]!.forEach((n, other) => n > 0 && reached.add(other));
  return reached.size === pairs.length;
}

/** The inverse of a positive definite matrix by Gauss and Jordan, with the logarithm of its determinant. */
function inverted(matrix: Matrix): { readonly inverse: number[][]; readonly logDeterminant: number } {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))]);
  let logDeterminant = 0;
  for (let k = 0; k < size; k++) {
    const pivot = rows[k]![k]!;
    logDeterminant += Math.log(pivot);
    rows[k] = rows[k]!.map((value) => value / pivot);
    for (let i = 0; i < size; i++) {
      const factor = rows[i]![k]!;
      if (i !== k) rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!);
    }
  }
  return { inverse: rows.map((row) => row.slice(size)), logDeterminant };
}

/** What strengths say of pairs: chances, the covariance of the strengths, and how likely all of it is. */
function stateOf(wins: Matrix, strengths: readonly number[]) {
  const size = wins.length;
  const chance = strengths.map((one) => strengths.map((other) => 1 / (1 + Math.exp(other - one))));
  const weight = wins.map((row, i) =>
    row.map((won, j) => (i === j ? 0 : (won + wins[j]![i]!) * chance[i]![j]! * chance[j]![i]!)),
  );
  // The information about differences says nothing of the sum: what is added fixes it at 0.
  const information = weight.map((row, i) =>
    row.map((value, j) => (i === j ? row.reduce((sum, one) => sum + one, 0) : -value) + 1 / size),
  );
  const { inverse, logDeterminant } = inverted(information);
  const covariance = inverse.map((row) => row.map((value) => value - 1 / size));
  const likelihood = wins.reduce(
    (sum, row, i) => row.reduce((all, won, j) => (won > 0 ? all + won * Math.log(chance[i]![j]!) : all), sum),
    logDeterminant / 2,
  );
  return { chance, weight, covariance, likelihood };
}

/**
 * The strengths of candidates that were compared in pairs, by the model of Bradley, Terry, "Rank analysis of incomplete
 * block designs", 1952: one with strength a is chosen over one with strength b with the chance 1 / (1 + exp(b - a)).
 * Strengths are natural logarithms, their mean is 0. Estimated by the likelihood with the penalty of Firth, "Bias
 * reduction of maximum likelihood estimates", 1993, which is finite also where a candidate won or lost all of its
 * pairs; with Wald's 95 % interval.
 *
 * @param wins  How often the candidate of a row was chosen over the one of a column; a draw is half of it for each.
 * @returns Null for fewer than two, and where some were never compared with others, not even through third ones.
 */
export function bradleyTerry(wins: Matrix): Estimate[] | null {
  const size = wins.length;
  const pairs = wins.map((row, i) => row.map((won, j) => (i === j ? 0 : won + wins[j]![i]!)));
  if (size < 2 || !isConnected(pairs)) return null;
  let strengths: readonly number[] = wins.map(() => 0);
  let state = stateOf(wins, strengths);
  for (let step = 0; step < STEPS_MAX; step++) {
    const { chance, weight, covariance } = state;
    const score = wins.map((row, i) =>
      row.reduce((sum, won, j) => {
        if (i === j) return sum;
        const spread = covariance[i]![i]! + covariance[j]![j]! - 2 * covariance[i]![j]!;
        const leverage = weight[i]![j]! * spread;
        return sum + won - pairs[i]![j]! * chance[i]![j]! + leverage * (0.5 - chance[i]![j]!);
      }, 0),
    );
    const change = covariance.map((row) => row.reduce((sum, value, j) => sum + value * score[j]!, 0));
    const largest = Math.max(...change.map(Math.abs));
    if (largest < STEP_END) break;
    let part = Math.min(1, STEP_MAX / largest);
    for (;;) {
      const next = strengths.map((one, i) => one + part * change[i]!);
      const tried = stateOf(wins, next);
      if (tried.likelihood >= state.likelihood - 1e-12 || part < 1e-6) {
        [strengths, state] = [next, tried];
        break;
      }
      part /= 2;
    }
  }
  return strengths.map((value, i) => {
    const half = NORMAL_975 * Math.sqrt(state.covariance[i]![i]!);
    return { value, low: value - half, high: value + half, n: pairs[i]!.reduce((sum, n) => sum + n, 0) };
  });
}
