import { describe, expect, it } from 'vitest';
import type { Validation } from '../../../src/shared/contract';
import { addToAverage, averageDecay } from '../../../src/engine/finetune/average';
import { isSpent, plannedSteps, stepsBetween } from '../../../src/engine/finetune/budget';
import { afterStep, freshGuard, RATE_CUT, type Guard } from '../../../src/engine/finetune/guard';
import { keptAside } from '../../../src/engine/finetune/keptAside';
import { drawOf, normal, placeIn } from '../../../src/engine/finetune/random';
import { GENERAL_LOSS_MAX, judge, LEAST_PROGRESS, PATIENCE } from '../../../src/engine/finetune/verdict';

const validation = (step: number, gain: number, general: number | null = 0): Validation => ({
  step,
  seconds: step,
  loss: 0.1,
  rate: 1e-4,
  gain,
  general,
});
const course = (...gains: number[]): Validation[] => gains.map((gain, k) => validation(k * 10, gain));

describe('photos kept aside', () => {
  it('are whole photos, one in five, at least one, at most eight, and none is learned from', () => {
    for (const count of [2, 3, 6, 10, 40, 500]) {
      const photos = Array.from({ length: count }, (_, k) => k);
      const { learned, kept } = keptAside(photos);
      expect([...learned, ...kept].sort((a, b) => a - b)).toEqual(photos);
      expect(kept.length).toBe(Math.max(1, Math.min(8, Math.round(count / 5))));
    }
    expect(() => keptAside(['one'])).toThrow(/two photos/);
  });
});

describe('the verdict', () => {
  it('is the highest gain that forgot nothing; before training nothing is better', () => {
    expect(judge(course(0)).best).toBeUndefined();
    expect(judge(course(0, -0.1, 0)).best).toBeUndefined();
    const forgetful = validation(30, 2, -GENERAL_LOSS_MAX - 0.01);
    const { best } = judge([...course(0, 0.4, 0.2), forgetful]);
    expect(best?.gain).toBe(0.4);
  });

  it('stops after validations without progress, of which noise is none', () => {
    const stuck = Array.from({ length: PATIENCE - 1 }, (_, k) => 0.3 + (k * LEAST_PROGRESS) / 20);
    expect(judge(course(0, 0.3, ...stuck)).isEnough).toBe(false);
    expect(judge(course(0, 0.3, ...stuck, 0.3)).isEnough).toBe(true);
    expect(judge(course(0, 0.3, ...stuck, 0.4)).isEnough).toBe(false);
  });

  it('sees a fall below the best, and what was forgotten', () => {
    expect(judge(course(0, 0.5, 0.4)).isFalling).toBe(false);
    expect(judge(course(0, 0.5, 0.1)).isFalling).toBe(true);
    expect(judge(course(0, -0.4)).isFalling).toBe(true);
    expect(judge([...course(0), validation(10, 0.2, -1)]).isFalling).toBe(true);
  });
});

describe('the guard of the rate', () => {
  const after = (losses: number[], from: Guard = freshGuard): Guard =>
    losses.reduce((guard, loss) => afterStep(guard, loss, 1).guard, from);

  it('halves the rate where a loss is no number or beyond all others, and takes no such step', () => {
    for (const [loss, norm] of [
      [Number.NaN, 1],
      [0.1, Number.NaN],
      [0.1, Infinity],
    ] as const) {
      const { guard, isLost } = afterStep(freshGuard, loss, norm);
      expect([guard.factor, isLost]).toEqual([RATE_CUT, true]);
    }
    const calm = after(Array.from({ length: 20 }, () => 0.1));
    expect(calm.factor).toBe(1);
    expect(afterStep(calm, 1.2, 1)).toMatchObject({ isLost: true, guard: { factor: RATE_CUT, usual: null } });
  });

  it('leaves losses that only differ from each other alone', () => {
    const losses = Array.from({ length: 300 }, (_, k) => 0.02 + 0.1 * drawOf(3, k)());
    expect(after(losses).factor).toBe(1);
  });
});

describe('the budget', () => {
  const pace = { step: 0, seconds: 0, secondsPerStep: null, secondsPerValidation: 0 };

  it('of steps is exact, and does not look at the clock', () => {
    const slow = { ...pace, step: 9, seconds: 1e6 };
    expect([isSpent({ steps: 10 }, slow), isSpent({ steps: 10 }, { ...slow, step: 10 })]).toEqual([
      false,
      true,
    ]);
    expect(plannedSteps({ steps: 240 }, slow)).toBe(240);
    const at: number[] = [];
    for (let step = 0; step < 240; step += stepsBetween({ steps: 240 }, { ...slow, step })) at.push(step);
    expect(at.slice(0, 4)).toEqual([0, 8, 18, 28]);
    expect(at.length).toBe(25);
  });

  it('of minutes follows the pace, and validations take a tenth of it at most', () => {
    const known = { step: 100, seconds: 60, secondsPerStep: 0.5, secondsPerValidation: 5 };
    const budget = { minutes: 5 };
    expect(plannedSteps(budget, known)).toBe(100 + Math.ceil((240 * 0.9) / 0.5));
    const planned = plannedSteps(budget, known);
    expect(stepsBetween(budget, known)).toBe(Math.ceil(planned / 6)); // six of five seconds are a tenth of five minutes
    expect(stepsBetween({ minutes: 600 }, { ...known, step: 0 })).toBe(8);
    expect(stepsBetween({ minutes: 600 }, { ...known, step: 8 })).toBe(24);
    expect(stepsBetween({ minutes: 0.1 }, { ...known, step: 0, seconds: 0 })).toBeGreaterThan(8);
    expect([isSpent(budget, known), isSpent(budget, { ...known, seconds: 300 })]).toEqual([false, true]);
  });
});

describe('averaged weights', () => {
  it('lie among the weights there were, and forget their beginning', () => {
    const average = Float32Array.of(5);
    for (let step = 1; step <= 400; step++) addToAverage(average, Float32Array.of(1), step);
    expect(average[0]).toBeGreaterThan(1);
    expect(average[0]).toBeLessThan(1.001);
    expect(averageDecay(1)).toBeLessThan(0.2);
    expect(averageDecay(1e6)).toBe(0.999);
  });
});

describe('numbers drawn', () => {
  it('are the same for a step, and others for another step or seed', () => {
    const some = (seed: number, step: number): number[] => {
      const draw = drawOf(seed, step);
      return [draw(), draw(), draw()];
    };
    expect(some(1, 7)).toEqual(some(1, 7));
    expect(some(1, 7)).not.toEqual(some(1, 8));
    expect(some(1, 7)).not.toEqual(some(2, 7));
  });

  it('fall among weights in proportion, and are normal where that is asked', () => {
    const draw = drawOf(1, 1);
    const counts = [0, 0, 0];
    for (let k = 0; k < 4000; k++) counts[placeIn([1, 0, 3], draw())]!++;
    expect(counts[1]).toBe(0);
    expect(counts[0]! / 4000).toBeCloseTo(0.25, 1);
    expect(placeIn([0, 0], 0.9)).toBe(0);
    const some = Array.from({ length: 4000 }, () => normal(draw));
    const mean = some.reduce((sum, one) => sum + one, 0) / some.length;
    const variance = some.reduce((sum, one) => sum + one * one, 0) / some.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 0);
  });
});
