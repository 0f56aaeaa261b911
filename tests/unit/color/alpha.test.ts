import { describe, expect, it } from 'vitest';
import {
  alphaOf,
  bleed,
  colourOf,
  premultiply,
  unpremultiply,
  withAlpha,
} from '../../../src/engine/kernels/color/alpha';
import { plane, raster, type Raster } from '../../../src/engine/kernels/raster';
import { rect } from '../../../src/shared/geometry';
import { cropped, largestDifference, seeded } from '../seeded';

const random = seeded(7);

/** Opaque blobs in transparency, with junk colours hidden there. */
function cutOut(width: number, height: number, channels: 2 | 4): Raster {
  const picture = random.picture(width, height, channels);
  const alpha = plane(picture, channels - 1);
  for (let i = 0; i < alpha.length; i++) alpha[i] = alpha[i]! > 0.9 ? 1 : 0;
  return picture;
}

describe('premultiply and unpremultiply', () => {
  it.each([2, 4])('undo each other where there is alpha, %d channels', (channels) => {
    const picture = random.picture(30, 20, channels);
    const alpha = plane(picture, channels - 1);
    for (let i = 0; i < alpha.length; i++) alpha[i]! += 0.01;
    const back = unpremultiply(premultiply(picture));
    expect(largestDifference(back.data, picture.data)).toBeLessThan(1e-5);
  });

  it('weighs colours by alpha and leaves alpha', () => {
    const picture = raster(2, 1, 4, Float32Array.of(1, 0.5, 0.8, 0.4, 0.2, 0.6, 0.5, 0));
    const expected = Float32Array.of(0.5, 0, 0.4, 0, 0.1, 0, 0.5, 0);
    expect(largestDifference(premultiply(picture).data, expected)).toBeLessThan(1e-7);
    expect([...unpremultiply(premultiply(picture)).data].filter((_, k) => k % 2 === 1)).toEqual([0, 0, 0, 0]);
  });

  it('leaves pictures without alpha alone', () => {
    const picture = random.picture(3, 3, 3);
    expect(premultiply(picture)).toBe(picture);
    expect(unpremultiply(picture)).toBe(picture);
  });
});

describe('colourOf, alphaOf and withAlpha', () => {
  it.each([1, 2, 3, 4])('take apart and put together, %d channels', (channels) => {
    const picture = random.picture(5, 4, channels);
    expect(withAlpha(colourOf(picture), alphaOf(picture))).toEqual(picture);
    expect(alphaOf(picture) === undefined).toBe(channels % 2 === 1);
  });

  it('refuses alpha of another size', () => {
    expect(() => withAlpha(raster(2, 2, 3), raster(3, 2, 1))).toThrow(/2 x 2.*received 3 x 2/);
  });
});

describe('bleed', () => {
  it('leaves alpha and visible colours alone, and fills what is near from what is visible', () => {
    const picture = raster(7, 1, 2, Float32Array.of(0.9, 0.3, 0.9, 0.9, 0.9, 0.9, 0.9, 0, 1, 0, 0, 0, 0, 0));
    const filled = bleed(picture, 3);
    const expected = Float32Array.of(0.3, 0.3, 0.3, 0.3, 0.3, 0.9, 0.9, 0, 1, 0, 0, 0, 0, 0);
    expect(largestDifference(filled.data, expected)).toBeLessThan(1e-7);
  });

  it('is the same in a tile that was read with the radius around it', () => {
    const picture = cutOut(60, 50, 4);
    for (const radius of [1, 2, 5]) {
      const all = bleed(picture, radius);
      const core = rect(20, 15, 18, 12);
      const read = rect(20 - radius, 15 - radius, 18 + 2 * radius, 12 + 2 * radius);
      const tile = bleed(cropped(picture, read), radius);
      const inner = cropped(tile, rect(radius, radius, 18, 12));
      expect(largestDifference(inner.data, cropped(all, core).data)).toBe(0);
    }
  });

  it('gives back the picture itself where nothing is hidden', () => {
    const opaque = random.picture(4, 4, 3);
    expect(bleed(opaque, 4)).toBe(opaque);
    const visible = raster(2, 2, 2, new Float32Array(8).fill(1));
    expect(bleed(visible, 4)).toBe(visible);
  });

  it('of a picture that is transparent everywhere changes nothing', () => {
    const picture = cutOut(9, 9, 4);
    plane(picture, 3).fill(0);
    expect(bleed(picture, 3)).toEqual(picture);
  });
});
