import { describe, expect, it } from 'vitest';
import { SAMPLE_SIDE, samplesOf } from '../../src/engine/kernels/samples';

const SIZES = [
  { width: 1000, height: 750 },
  { width: 4000, height: 3000 },
  { width: 500, height: 1500 },
];

describe('samples of a picture', () => {
  it.each(SIZES)('are 53, evenly all over one of $width x $height', (size) => {
    const samples = samplesOf(size);
    expect(samples).toHaveLength(53);
    for (const [along, length] of [
      ['x', size.width],
      ['y', size.height],
    ] as const) {
      const starts = samples.map((sample) => sample[along]);
      expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...starts)).toBeLessThanOrEqual(length - SAMPLE_SIDE);
      for (let seventh = 0; seventh < 7; seventh++) {
        const inside = starts.filter(
          (start) => Math.floor((7 * (start + SAMPLE_SIDE / 2)) / length) === seventh,
        );
        expect(Math.abs(inside.length - 53 / 7)).toBeLessThan(2);
      }
    }
  });

  it.each(SIZES)('see each half of what repeats as often, in whatever period ($width x $height)', (size) => {
    for (const [along, length] of [
      ['x', size.width],
      ['y', size.height],
    ] as const) {
      for (let parts = 2; length / parts > SAMPLE_SIDE; parts++) {
        const period = length / parts;
        const early = samplesOf(size).filter(
          (sample) => (sample[along] + SAMPLE_SIDE / 2) % period < period / 2,
        );
        expect(early.length, `${parts} times along ${along}`).toBeGreaterThanOrEqual(12);
        expect(early.length, `${parts} times along ${along}`).toBeLessThanOrEqual(41);
      }
    }
  });

  it('are where training/measure/means.py has them', () => {
    const samples = samplesOf({ width: 1000, height: 750 });
    expect([samples[0], samples[24], samples[52]]).toMatchObject([
      { y: 0, x: 0 },
      { y: 336, x: 940 },
      { y: 718, x: 380 },
    ]);
  });

  it('lie along a strip, and reach beyond one that is narrower', () => {
    const samples = samplesOf({ width: 5000, height: 20 });
    expect(samples).toHaveLength(53);
    expect(new Set(samples.map(({ y }) => y))).toEqual(new Set([-6]));
  });
});
