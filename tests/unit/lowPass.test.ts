import { expect, it } from 'vitest';
import { lowPass } from '../../src/engine/kernels/lowPass';
import { raster } from '../../src/engine/kernels/raster';
import { seeded } from './seeded';

const noise = (width: number, height: number): ReturnType<typeof raster> => {
  const random = seeded(3);
  return raster(
    width,
    height,
    2,
    Float32Array.from({ length: width * height * 2 }, () => random.real()),
  );
};

it('keeps what is flat, everywhere', () => {
  const flat = raster(7, 5, 3, new Float32Array(105).fill(0.4));
  for (const value of lowPass(flat, 2).data) expect(value).toBeCloseTo(0.4, 6);
});

it('is the Gaussian itself around a point, as wide along rows as along columns', () => {
  const point = raster(21, 21, 1);
  point.data[10 * 21 + 10] = 1;
  const { data } = lowPass(point, 2);
  const middle = data[10 * 21 + 10]!;
  for (const k of [1, 2, 5]) {
    const falls = Math.exp((-k * k) / 8);
    expect(data[10 * 21 + 10 + k]! / middle).toBeCloseTo(falls, 5);
    expect(data[(10 - k) * 21 + 10]! / middle).toBeCloseTo(falls, 5);
  }
  expect(data[10 * 21 + 17]).toBe(0); // 2.5 standard deviations and one pixel away it ends
});

it('mirrors at the border without repeating the edge, and fits into a picture smaller than the filter', () => {
  const [small, sigma] = [noise(6, 6), 1];
  const wide = raster(12, 6, 2);
  // The picture with its mirror image before it.
  for (let c = 0; c < 2; c++)
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < 12; x++)
        wide.data[c * 72 + y * 12 + x] = small.data[c * 36 + y * 6 + Math.abs(x - 5)]!;
  const [one, two] = [lowPass(small, sigma), lowPass(wide, sigma)];
  for (let y = 0; y < 6; y++) expect(one.data[y * 6]).toBeCloseTo(two.data[y * 12 + 5]!, 6);
  expect(lowPass(noise(3, 2), 4).data.every(Number.isFinite)).toBe(true);
});
