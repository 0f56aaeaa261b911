import { describe, expect, it } from 'vitest';
import { drawBatch, patchSource, wholeBatch } from '../../../src/engine/finetune/batch';
import { blurred, noisy } from '../../../src/engine/finetune/degradation';
import { pairBytes, pairsOf, REFERENCE, squaresOf, type Reduction } from '../../../src/engine/finetune/pairs';
import { drawOf } from '../../../src/engine/finetune/random';
import { detailOf, largest, spread, windowsIn } from '../../../src/engine/finetune/windows';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import { imresize8 } from '../../../src/engine/kernels/resample/imresize';
import { photoOf } from '../../../src/engine/photos/memoryPhoto';
import { intersect, wholeOf } from '../../../src/shared/geometry';
import { cropped, largestDifference, seeded } from '../seeded';

const { signal } = new AbortController();
const reduction = (scale: number, side: number): Reduction => ({
  scale,
  side,
  degradation: REFERENCE,
  throughJpeg: (picture) => Promise.resolve(picture),
});

/** Values n / 255, as decoded photos have them. */
const inBytes = (picture: Raster): Raster => ({
  ...picture,
  data: picture.data.map((value) => Math.round(value * 255) / 255),
});

/** Flat on the left, noise on the right. */
function halfFlat(width: number, height: number): Raster {
  const noise = seeded(5).picture(width, height, 3);
  return inBytes({ ...noise, data: noise.data.map((value, k) => (k % width < width / 2 ? 0.5 : value)) });
}

describe('windows', () => {
  it('lie beside each other, inside, as many as fit', () => {
    const size = { width: 200, height: 130 };
    const found = windowsIn(size, 64);
    expect(found.length).toBe(6);
    for (const one of found) expect(intersect(one, wholeOf<'source'>(size))).toEqual(one);
    expect(new Set(found.map(({ x, y }) => `${x} ${y}`)).size).toBe(6);
    expect(windowsIn({ width: 63, height: 500 }, 64)).toEqual([]);
  });

  it('are ranked by detail: the finest to learn from, a spread of the finer half to measure', () => {
    const details = [5, 1, 9, 3, 7, 0, 2, 8];
    expect(largest(details, 3)).toEqual([2, 4, 7]);
    expect(spread(details, 4)).toEqual([0, 2, 4, 7]);
    expect(spread(details, 2).every((k) => details[k]! >= 5)).toBe(true);
    expect(spread([1, 2], 4)).toEqual([0, 1]);
    expect(detailOf(raster(8, 8, 3).data.length > 0 ? raster(8, 8, 3) : raster(1, 1, 3))).toBe(0);
  });
});

describe('pairs', () => {
  it.each([2, 3])(
    'at x%d have the pixels of the whole photo, reduced by the reference bicubic',
    async (scale) => {
      const picture = inBytes(seeded(2).picture(16 * scale * 3 + 1, 16 * scale * 2, 3));
      const photo = photoOf(picture, 'photo');
      const whole = cropped(picture, { x: 0, y: 0, width: 16 * scale * 3, height: 16 * scale * 2 });
      const reduced = imresize8(whole, 1 / scale);
      const squares = squaresOf(photo, { scale, side: 16 });
      const pairs = await pairsOf(photo, reduction(scale, 16), 99, false, signal);
      expect(pairs.length).toBe(6);
      pairs.forEach(({ small, large }, k) => {
        const { x, y, width, height } = squares[k]!;
        const own = cropped(reduced, { x: x / scale, y: y / scale, width: 16, height: 16 });
        expect(
          largestDifference(
            small,
            own.data.map((value) => Math.round(value * 255)),
          ),
        ).toBe(0);
        const original = cropped(picture, { x, y, width, height });
        expect(
          largestDifference(
            large,
            original.data.map((value) => Math.round(value * 255)),
          ),
        ).toBe(0);
      });
      expect(pairs[0]!.small.length + pairs[0]!.large.length).toBe(pairBytes(16, scale));
    },
  );

  it('of few are the most detailed', async () => {
    const photo = photoOf(halfFlat(128, 64), 'photo');
    const [only] = await pairsOf(photo, reduction(2, 16), 1, false, signal);
    expect(new Set(only!.large).size).toBeGreaterThan(50);
  });
});

describe('batches', () => {
  it('have each patch over its own original, in one orientation', async () => {
    // A picture of one value a 2 x 2 block: reduced by the nearest neighbour it would be itself again.
    const photo = photoOf(halfFlat(128, 96), 'photo');
    const pairs = await pairsOf(photo, reduction(2, 32), 99, false, signal);
    const source = patchSource(pairs, 16);
    const { input, target } = drawBatch(source, 6, 3, drawOf(1, 1));
    expect([input.dims, target.dims]).toEqual([
      [6, 3, 16, 16],
      [6, 3, 32, 32],
    ]);
    const plane = (of: Float32Array, side: number, k: number): Raster =>
      raster(side, side, 3, of.subarray(3 * side * side * k, 3 * side * side * (k + 1)));
    for (let k = 0; k < 6; k++) {
      const reduced = imresize8(plane(target.data, 32, k), 1 / 2);
      const inner = { x: 3, y: 3, width: 10, height: 10 }; // what is outside the patch counts near its edges
      const apart = largestDifference(
        cropped(reduced, inner).data,
        cropped(plane(input.data, 16, k), inner).data,
      );
      expect(apart).toBeLessThan(2.5 / 255);
    }
  });

  it('come where there is detail, but from flat places too; all photos count alike', async () => {
    const flatAndFine = await pairsOf(photoOf(halfFlat(256, 64), 'one'), reduction(2, 32), 99, false, signal);
    const source = patchSource(flatAndFine, 16);
    let fine = 0;
    for (let step = 0; step < 300; step++) {
      const { input } = drawBatch(source, 1, 1, drawOf(1, step));
      if (detailOf(raster(16, 16, 1, input.data)) > 0.02) fine++;
    }
    expect(fine).toBeGreaterThan(210);
    expect(fine).toBeLessThan(297);
    const other = flatAndFine.slice(0, 1).map((pair) => ({ ...pair, photo: 'two' }));
    expect(patchSource([...flatAndFine, ...other], 16).photos.length).toBe(2);
  });

  it('of luma have one channel, of a whole pair all its pixels', async () => {
    const [pair] = await pairsOf(photoOf(halfFlat(64, 64), 'one'), reduction(2, 32), 1, false, signal);
    const { input, target } = wholeBatch(pair!, 1);
    expect([input.dims, target.dims]).toEqual([
      [1, 1, 32, 32],
      [1, 1, 64, 64],
    ]);
  });
});

describe('degradations', () => {
  it('a blur keeps the mean and flat areas, and is what its Gaussian is', () => {
    const dot = raster(21, 21, 1);
    dot.data[10 * 21 + 10] = 1;
    const made = blurred(dot, 1.5);
    expect(made.data.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(made.data[10 * 21 + 11]! / made.data[10 * 21 + 10]!).toBeCloseTo(Math.exp(-1 / (2 * 1.5 ** 2)), 4);
    const flat = raster(9, 9, 3, new Float32Array(243).fill(0.4));
    expect(largestDifference(blurred(flat, 2).data, flat.data)).toBeLessThan(1e-6);
  });

  it('noise is of its strength, clipped to what a picture can hold, and the same for a seed', () => {
    const flat = raster(128, 128, 3, new Float32Array(3 * 128 * 128).fill(0.5));
    for (const strength of [2, 12]) {
      const { data } = noisy(flat, strength, 4);
      const variance = data.reduce((sum, value) => sum + (255 * (value - 0.5)) ** 2, 0) / data.length;
      expect(Math.sqrt(variance) / strength).toBeCloseTo(1, 1);
    }
    expect(noisy(flat, 5, 1)).toEqual(noisy(flat, 5, 1));
    expect(noisy(flat, 5, 1)).not.toEqual(noisy(flat, 5, 2));
    expect(Math.max(...noisy(raster(20, 20, 1), 30, 1).data)).toBeLessThan(1);
    expect(Math.min(...noisy(raster(20, 20, 1), 30, 1).data)).toBe(0);
  });
});
