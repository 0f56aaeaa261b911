import { describe, expect, it } from 'vitest';
import { SAMPLE_SIDE, samplesOf } from '../../src/engine/kernels/samples';
import { rect } from '../../src/shared/geometry';

describe('samples of a picture', () => {
  it('are about 49, evenly all over it', () => {
    for (const size of [rect(0, 0, 1000, 750), rect(0, 0, 4000, 3000), rect(0, 0, 500, 1500)]) {
      const samples = samplesOf(size);
      expect(Math.abs(samples.length - 49)).toBeLessThan(6);
      const middle = (along: 'x' | 'y'): number =>
        samples.reduce((sum, sample) => sum + sample[along] + SAMPLE_SIDE / 2, 0) / samples.length;
      expect(middle('x')).toBeCloseTo(size.width / 2, -1);
      expect(middle('y')).toBeCloseTo(size.height / 2, -1);
    }
  });

  it('lie in one row along a strip, and reach beyond one that is narrower', () => {
    const samples = samplesOf({ width: 5000, height: 20 });
    expect(samples).toHaveLength(49);
    expect(new Set(samples.map(({ y }) => y))).toEqual(new Set([-6]));
  });
});
