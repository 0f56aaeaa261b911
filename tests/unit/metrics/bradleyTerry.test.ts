import { describe, expect, it } from 'vitest';
import { bradleyTerry } from '../../../src/engine/kernels/metrics/bradleyTerry';
import { seeded } from '../seeded';

const valuesOf = (wins: number[][]): number[] => bradleyTerry(wins)!.map(({ value }) => value);
const chance = (difference: number): number => 1 / (1 + Math.exp(-difference));

/** The logarithm of a determinant by elimination. */
function logDeterminant(matrix: number[][]): number {
  const rows = matrix.map((row) => [...row]);
  let sum = 0;
  rows.forEach((row, k) => {
    sum += Math.log(row[k]!);
    for (const below of rows.slice(k + 1)) {
      const factor = below[k]! / row[k]!;
      row.forEach((value, j) => (below[j]! -= factor * value));
    }
  });
  return sum;
}

/** Firth's penalised likelihood, written down once more: the first candidate's strength is 0, and the information is of the others. */
function penalised(wins: number[][], strengths: number[]): number {
  const own = strengths.map((one) => one - strengths[0]!);
  let likelihood = 0;
  const information = own.map(() => own.map(() => 0));
  wins.forEach((row, i) =>
    row.forEach((won, j) => {
      if (i === j) return;
      const p = chance(own[i]! - own[j]!);
      likelihood += won * Math.log(p);
      const weight = (won + wins[j]![i]!) * p * (1 - p);
      information[i]![i]! += weight;
      information[i]![j]! -= weight;
    }),
  );
  return likelihood + logDeterminant(information.slice(1).map((row) => row.slice(1))) / 2;
}

describe("Bradley and Terry's strengths", () => {
  it('of two are the logarithm of the odds with half a choice more for each', () => {
    for (const [won, lost] of [
      [7, 3],
      [5, 5],
      [12, 0],
      [0, 4],
      [2.5, 1.5],
    ] as const) {
      const [a, b] = valuesOf([
        [0, won],
        [lost, 0],
      ]);
      expect(a! - b!).toBeCloseTo(Math.log((won + 0.5) / (lost + 0.5)), 9);
      expect(a! + b!).toBeCloseTo(0, 9);
    }
  });

  it('are where the penalised likelihood is greatest', () => {
    const some = seeded(5);
    for (let k = 0; k < 20; k++) {
      const size = some.whole(3, 6);
      const wins = Array.from({ length: size }, (_, i) =>
        Array.from({ length: size }, (_unused, j) => (i === j ? 0 : some.whole(0, 5) / 2)),
      );
      const found = bradleyTerry(wins);
      if (!found) continue;
      const values = found.map(({ value }) => value);
      const most = penalised(wins, values);
      for (let i = 0; i < size; i++) {
        for (const by of [-1e-3, 1e-3]) {
          expect(penalised(wins, values.with(i, values[i]! + by))).toBeLessThan(most);
        }
      }
    }
  });

  it('do not depend on the order of the candidates, and turn round with the answers', () => {
    const wins = [
      [0, 3, 4, 5],
      [1, 0, 2.5, 4],
      [0, 1.5, 0, 3],
      [0, 0, 1, 0],
    ];
    const values = valuesOf(wins);
    const order = [2, 0, 3, 1];
    const turned = order.map((i) => order.map((j) => wins[i]![j]!));
    valuesOf(turned).forEach((value, k) => expect(value).toBeCloseTo(values[order[k]!]!, 8));
    const mirrored = wins.map((_, i) => wins.map((row) => row[i]!));
    valuesOf(mirrored).forEach((value, k) => expect(value).toBeCloseTo(-values[k]!, 8));
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
  });

  it('near what the answers were drawn from, and a narrower interval, the more there are', () => {
    const truth = [1.2, 0.3, -0.4, -1.1];
    const winsOf = (n: number): number[][] =>
      truth.map((one, i) => truth.map((other, j) => (i === j ? 0 : n * chance(one - other))));
    valuesOf(winsOf(1e6)).forEach((value, k) => expect(value).toBeCloseTo(truth[k]!, 4));
    const width = (n: number): number => {
      const { low, high } = bradleyTerry(winsOf(n))![0]!;
      return high! - low!;
    };
    expect(width(10_000) / width(40_000)).toBeCloseTo(2, 2);
  });

  it('lie in their intervals in about 95 of 100 comparisons', () => {
    const truth = [0.8, 0.1, -0.9];
    const some = seeded(19);
    let [held, all] = [0, 0];
    for (let k = 0; k < 400; k++) {
      const wins = truth.map(() => truth.map(() => 0));
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < i; j++) {
          for (let n = 0; n < 12; n++) {
            const isFirst = some.real() < chance(truth[i]! - truth[j]!);
            wins[isFirst ? i : j]![isFirst ? j : i]! += 1;
          }
        }
      }
      bradleyTerry(wins)!.forEach(({ low, high }, i) => {
        all += 1;
        if (low! <= truth[i]! && truth[i]! <= high!) held += 1;
      });
    }
    expect(held / all).toBeGreaterThan(0.93);
    expect(held / all).toBeLessThan(0.985);
  });

  it('are finite where one won everything, and none where some were never compared with others', () => {
    const found = bradleyTerry([
      [0, 4, 4],
      [0, 0, 4],
      [0, 0, 0],
    ])!;
    for (const { value, low, high, n } of found) {
      expect([value, low, high].every(Number.isFinite)).toBe(true);
      expect(n).toBe(8);
    }
    expect(
      bradleyTerry([
        [0, 2, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 3],
        [0, 0, 1, 0],
      ]),
    ).toBeNull();
    expect(bradleyTerry([[0]])).toBeNull();
  });
});
