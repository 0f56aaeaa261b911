import { describe, expect, it } from 'vitest';
import { blindTrials, opinionOf, type TrialAnswer } from '../../../src/engine/kernels/blindTrials';
import {
  meanOpinion,
  studentQuantile,
  studentShare,
  winShare,
} from '../../../src/engine/kernels/metrics/opinion';

describe("Student's t", () => {
  it('has the quantiles of the tables', () => {
    const table = {
      1: 12.7062,
      2: 4.3027,
      3: 3.1824,
      4: 2.7764,
      9: 2.2622,
      10: 2.2281,
      29: 2.0452,
      120: 1.9799,
    };
    for (const [freedom, t] of Object.entries(table)) {
      expect(studentQuantile(0.95, Number(freedom))).toBeCloseTo(t, 4);
    }
  });

  it('is the inverse of its own share, and nears the normal distribution', () => {
    for (const freedom of [1, 2, 5, 8, 33, 1000]) {
      for (const share of [0.5, 0.9, 0.99]) {
        expect(studentShare(studentQuantile(share, freedom), freedom)).toBeCloseTo(share, 10);
      }
    }
    expect(studentQuantile(0.95, 100_000)).toBeCloseTo(1.95996, 3);
  });
});

describe('a mean opinion score', () => {
  it('is the mean, in the middle of its interval', () => {
    // 3 +- 4.3027 * 1 / sqrt(3)
    const found = meanOpinion([2, 3, 4])!;
    expect(found).toMatchObject({ value: 3, n: 3 });
    expect(found.high! - 3).toBeCloseTo(2.4841, 4);
    expect(3 - found.low!).toBeCloseTo(2.4841, 4);
  });

  it('has a narrower interval the more answers there are, and none of a single one', () => {
    const width = (times: number): number => {
      const { low, high } = meanOpinion(Array.from({ length: times }, () => [2, 3, 4]).flat())!;
      return high! - low!;
    };
    expect(width(4)).toBeLessThan(width(2));
    expect(width(40)).toBeLessThan(width(4));
    expect(meanOpinion([4])).toEqual({ value: 4, low: null, high: null, n: 1 });
    expect(meanOpinion([])).toBeNull();
  });

  it('holds the true mean in 95 of 100 samples', () => {
    const seeds = Array.from({ length: 2000 }, (_, k) => k + 1);
    const held = seeds.filter((seed) => {
      let state = seed * 2654435761;
      const score = (): number => {
        state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
        return 1 + Math.floor((((state ^ (state >>> 13)) >>> 0) / 2 ** 32) * 5);
      };
      const { low, high } = meanOpinion(Array.from({ length: 12 }, score))!;
      return low! <= 3 && high! >= 3;
    }).length;
    expect(held / seeds.length).toBeGreaterThan(0.93);
    expect(held / seeds.length).toBeLessThan(0.97);
  });
});

describe('a share of pairs won', () => {
  it("has Wilson's interval", () => {
    // Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I: 81 of 263, 15 of 148, 0 of 20.
    for (const [wins, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const found = winShare(wins, n)!;
      expect(found.value).toBe(wins / n);
      expect(found.low).toBeCloseTo(low, 4);
      expect(found.high).toBeCloseTo(high, 4);
    }
    expect(winShare(0, 0)).toBeNull();
  });

  it('mirrors: what one wins the other loses', () => {
    const [won, lost] = [winShare(7, 9)!, winShare(2, 9)!];
    expect(won.low! + lost.high!).toBeCloseTo(1, 12);
    expect(won.high! + lost.low!).toBeCloseTo(1, 12);
  });
});

describe('trials of a blind comparison', () => {
  const size = { crops: 4, candidates: 5 };
  const texts = (kind: 'rate' | 'pairs', seed: number): string[] =>
    blindTrials(kind, { ...size, seed }).map(({ crop, shown }) => `${crop}: ${shown.join(' ')}`);

  it('show each candidate once on each crop, or beside each other one', () => {
    expect(new Set(texts('rate', 3))).toHaveLength(20);
    const pairs = blindTrials('pairs', { ...size, seed: 3 });
    expect(pairs).toHaveLength(40);
    expect(new Set(pairs.map(({ crop, shown }) => `${crop} ${[...shown].sort().join(' ')}`))).toHaveLength(
      40,
    );
  });

  it('come in an order of the seed alone', () => {
    expect(texts('rate', 3)).toEqual(texts('rate', 3));
    expect(texts('rate', 3)).not.toEqual(texts('rate', 4));
    expect(texts('pairs', 3)).not.toEqual(texts('pairs', 4));
  });

  it('put each candidate as often first, and as often left', () => {
    const seeds = Array.from({ length: 600 }, (_, seed) => seed);
    const first = seeds.map((seed) => blindTrials('rate', { ...size, seed })[0]!.shown[0]!);
    const left = seeds.flatMap((seed) =>
      blindTrials('pairs', { ...size, seed }).map(({ shown }) => Number(shown[0]! > shown[1]!)),
    );
    for (let candidate = 0; candidate < 5; candidate++) {
      const share = first.filter((one) => one === candidate).length / seeds.length;
      expect(Math.abs(share - 1 / 5)).toBeLessThan(0.06);
    }
    expect(Math.abs(left.filter((one) => one === 1).length / left.length - 0.5)).toBeLessThan(0.02);
  });

  it('are counted for whom they were answered, whatever their order and side', () => {
    const likes = [0.2, 0.9, 0.4, 0.7, 0.1];
    for (const seed of [1, 2, 3]) {
      const answers = blindTrials('pairs', { ...size, seed }).map((trial): TrialAnswer => {
        const [a, b] = trial.shown.map((candidate) => likes[candidate]!);
        return { trial, answer: a! > b! ? 1 : 2 };
      });
      const wins = likes.map((_, candidate) => opinionOf('pairs', answers, candidate)!.value);
      expect(wins).toEqual([0.25, 1, 0.5, 0.75, 0]);
      const rated = blindTrials('rate', { ...size, seed }).map((trial) => ({
        trial,
        answer: trial.shown[0]! + 1,
      }));
      expect(likes.map((_, candidate) => opinionOf('rate', rated, candidate))).toEqual(
        [1, 2, 3, 4, 5].map((value) => ({ value, low: value, high: value, n: 4 })),
      );
    }
    const alike = blindTrials('pairs', { ...size, seed: 1 }).map((trial) => ({ trial, answer: 0 }));
    expect(opinionOf('pairs', alike, 2)!.value).toBe(0.5);
    expect(opinionOf('rate', [], 2)).toBeNull();
  });
});
