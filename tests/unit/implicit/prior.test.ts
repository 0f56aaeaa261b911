import { describe, expect, it } from 'vitest';
import { noiseOf, patchPlaces } from '../../../src/engine/methods/implicit/prior';

describe('noise', () => {
  it('is the same for a seed, and another for another', () => {
    expect(noiseOf(7, 100)).toEqual(noiseOf(7, 100));
    expect(noiseOf(7, 100)).not.toEqual(noiseOf(8, 100));
    expect([...noiseOf(7, 3)]).toEqual([...noiseOf(7, 100).subarray(0, 3)]);
  });

  it('is what training/kernels/noise.py makes', () => {
    const close = (found: Float32Array, expected: readonly number[]): void =>
      expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
    close(noiseOf(7, 5), [0.1419704, 0.0582407, -0.864253, -2.6056809, -1.0063664]);
    close(noiseOf(2 ** 32 - 1, 3), [0.7904167, 1.9774008, 1.4889551]);
  });

  it('is normally distributed', () => {
    const noise = noiseOf(3, 100_000);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    const within = noise.filter((value) => Math.abs(value) < 1).length / noise.length;
    expect(mean).toBeCloseTo(0, 1.5);
    expect(variance).toBeCloseTo(1, 1);
    expect(within).toBeCloseTo(0.6827, 2);
  });
});

describe('patches', () => {
  it('lie on a regular grid from border to border, at most 16', () => {
    const places = patchPlaces({ width: 4000, height: 3000 }, 48);
    expect(places).toHaveLength(16);
    expect(new Set(places.map(({ x }) => x))).toEqual(new Set([0, 1317, 2635, 3952]));
    expect(new Set(places.map(({ y }) => y))).toEqual(new Set([0, 984, 1968, 2952]));
  });

  it('are one, in the middle, where the photo has no more, and begin at 0 where it has less', () => {
    expect(patchPlaces({ width: 48, height: 48 }, 48)).toEqual([{ x: 0, y: 0, width: 48, height: 48 }]);
    expect(patchPlaces({ width: 5, height: 60 }, 48).map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [0, 12],
    ]);
  });
});
