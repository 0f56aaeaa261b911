import { describe, expect, it } from 'vitest';
import { areCrowded, paceOf, withSample, type PaceSample } from '../../src/engine/state/paceSamples';
import { paceText, pacedScale, secondsFor, usualPace } from '../../src/shared/pace';
import { seeded } from './seeded';

describe('the pace of some samples', () => {
  it('is none without any, and the one that there is', () => {
    expect(paceOf([])).toBeNull();
    expect(paceOf([{ seconds: 3, cores: 0.2 }])).toBe(3);
  });

  it('stays within a factor of 1.5 whatever a third of them say', () => {
    const random = seeded(17);
    for (let round = 0; round < 200; round++) {
      let samples: PaceSample[] = [{ seconds: random.real(0.8, 1.2), cores: 1.9 }];
      for (let n = 0; n < 30; n++) {
        // Beside another program it has half the machine and takes twice as long, or far longer.
        const isCrowded = n % 3 === 0;
        const next = isCrowded
          ? { seconds: random.real(2, 30), cores: random.real(0.1, 1.2) }
          : { seconds: random.real(0.8, 1.2), cores: random.real(1.7, 2) };
        samples = withSample(samples, next);
        expect(samples.length).toBeLessThan(10);
        expect(paceOf(samples)).toBeGreaterThan(1 / 1.5);
        expect(paceOf(samples)).toBeLessThan(1.5);
      }
    }
  });

  it('taken on a busy machine gives way to the first one that was not', () => {
    const busy = { seconds: 20, cores: 0.4 };
    expect(paceOf([busy, busy, { seconds: 5, cores: 1.8 }])).toBe(5);
  });

  it('is known to be crowded until one of them had the processor', () => {
    const busy = { seconds: 20, cores: 0.3 };
    expect(areCrowded([busy, busy])).toBe(true);
    expect(areCrowded([busy, { seconds: 5, cores: 0.95 }])).toBe(false);
  });

  it('follows a machine that became another', () => {
    let samples: PaceSample[] = [];
    for (let n = 0; n < 7; n++) samples = withSample(samples, { seconds: 4, cores: 2 });
    for (let n = 0; n < 7; n++) samples = withSample(samples, { seconds: 1, cores: 0.1 });
    expect(paceOf(samples)).toBe(1);
  });
});

describe('the time of an enlargement', () => {
  const network = { scales: [2, 4], weights: 1000, paces: { 2: 6, 4: 2 } };

  it('is that of the scale that is run for it', () => {
    expect([1.5, 2, 3, 4, 9].map((scale) => pacedScale(network, scale))).toEqual([2, 2, 4, 4, 4]);
    expect(secondsFor(network, 4, 16)).toBe(32);
    // x3 is made from x4: 16 megapixels are computed for 9.
    expect(secondsFor(network, 3, 9)).toBeCloseTo(32, 9);
    // Beyond the largest the rest is resampled: 16 megapixels are computed for 64.
    expect(secondsFor(network, 8, 64)).toBe(32);
  });

  it('is not guessed from another scale', () => {
    expect(secondsFor({ ...network, paces: { 2: 6 } }, 4, 16)).toBeNull();
    expect(usualPace({ ...network, paces: { 4: 6 } })).toBeNull();
    const any = { scales: { min: 1, max: 30 }, weights: 1000, paces: { 2: 6 } };
    expect(secondsFor(any, 3, 1)).toBe(6);
    expect(secondsFor(any, 8, 1)).toBeNull();
    expect(secondsFor({ ...any, weights: 0 }, 8, 1)).toBe(6);
  });
});

it('a pace is read at a glance: two digits below ten, whole seconds above, and no powers of ten', () => {
  expect([0.033, 0.5, 9.94, 9.96, 46.4, 153.2, 1234].map(paceText)).toEqual([
    '0.033',
    '0.50',
    '9.9',
    '10',
    '46',
    '153',
    '1234',
  ]);
});
