import { describe, expect, it } from 'vitest';
import { greyToLuma, lumaToGrey, toRgb, toYcbcr } from '../../../src/engine/kernels/color/ycbcr';
import { raster } from '../../../src/engine/kernels/raster';
import { largestDifference, seeded } from '../seeded';

const pixel = (...values: number[]): ReturnType<typeof raster> =>
  raster(1, 1, values.length, Float32Array.from(values));

describe('ycbcr', () => {
  it.each([
    { rgb: [0, 0, 0], ycbcr: [16, 128, 128] },
    { rgb: [1, 1, 1], ycbcr: [235, 128, 128] },
    { rgb: [1, 0, 0], ycbcr: [81.481, 90.203, 240] },
    { rgb: [0, 1, 0], ycbcr: [144.553, 53.797, 34.214] },
    { rgb: [0, 0, 1], ycbcr: [40.966, 240, 109.786] },
  ])('turns $rgb into $ycbcr / 255, as MATLAB does', ({ rgb, ycbcr }) => {
    const result = [...toYcbcr(pixel(...rgb)).data].map((value) => value * 255);
    expect(largestDifference(result, ycbcr)).toBeLessThan(1e-4);
  });

  it('comes back exactly', () => {
    const photo = seeded(5).picture(40, 30, 3);
    expect(largestDifference(toRgb(toYcbcr(photo)).data, photo.data)).toBeLessThan(2e-6);
  });

  it('gives a grey its luma and back', () => {
    const grey = seeded(6).picture(20, 20, 1);
    const luma = greyToLuma(grey);
    const three = raster(20, 20, 3, Float32Array.of(...grey.data, ...grey.data, ...grey.data));
    expect(largestDifference(luma.data, toYcbcr(three).data.subarray(0, 400))).toBeLessThan(1e-6);
    expect(largestDifference(lumaToGrey(luma).data, grey.data)).toBeLessThan(1e-6);
  });

  it('refuses other channel counts', () => {
    expect(() => toYcbcr(pixel(1))).toThrow('toYcbcr expects 3 channels, received 1');
    expect(() => greyToLuma(pixel(1, 1))).toThrow('greyToLuma expects 1 channels, received 2');
  });
});
