import { expect, test } from 'vitest';
import {
  paceOf,
  totalPace,
  totalSecondsLeft,
  withSample,
  type JobReach,
  type PaceSample,
} from '../../src/renderer/editor/jobPace';

const after = (...samples: PaceSample[]): readonly PaceSample[] =>
  samples.reduce<readonly PaceSample[]>(withSample, []);

test('a steady job has its pace, whatever it did more than twenty seconds ago', () => {
  let samples: readonly PaceSample[] = after({ at: 0, megapixels: 0 }, { at: 50_000, megapixels: 1 });
  for (let second = 51; second <= 90; second += 1) {
    samples = withSample(samples, { at: second * 1000, megapixels: 1 + (second - 50) * 2 });
  }
  expect(paceOf(samples)).toBeCloseTo(2, 5);
  expect(samples.length).toBeLessThan(25);
});

test('too little says nothing', () => {
  expect(paceOf([])).toBeNull();
  expect(paceOf(after({ at: 0, megapixels: 0 }, { at: 500, megapixels: 3 }))).toBeNull();
  expect(paceOf(after({ at: 0, megapixels: 2 }, { at: 5000, megapixels: 2 }))).toBeNull();
});

test('a job that begins anew begins its pace anew', () => {
  const samples = after({ at: 0, megapixels: 0 }, { at: 2000, megapixels: 9 }, { at: 3000, megapixels: 0 });
  expect(samples).toEqual([{ at: 3000, megapixels: 0 }]);
});

const job = (part: Partial<JobReach> = {}): JobReach => ({
  isRunning: true,
  megapixels: 10,
  share: 0.5,
  pace: [
    { at: 0, megapixels: 0 },
    { at: 5000, megapixels: 5 },
  ],
  secondsLeft: 7,
  ...part,
});

test('of one job the engine’s own estimate counts, of several what is left at the pace of now', () => {
  expect(totalSecondsLeft([])).toBeNull();
  expect(totalSecondsLeft([job()])).toBe(7);
  const queued = job({ isRunning: false, share: 0, pace: [] });
  expect(totalPace([job(), job(), queued])).toBe(2);
  expect(totalSecondsLeft([job(), job(), queued])).toBe(10);
  expect(totalSecondsLeft([job(), job({ megapixels: null })])).toBeNull();
  expect(totalSecondsLeft([queued, queued])).toBeNull();
});
