import { describe, expect, it } from 'vitest';
import { fromBytes, fromWords, toBytes, toRgba8, toWords } from '../../../src/engine/kernels/color/quantise';
import { raster } from '../../../src/engine/kernels/raster';

describe('quantise', () => {
  it('keeps every 8-bit and every 16-bit value', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, k) => k);
    expect(toBytes(fromBytes(bytes, 16, 4, 4))).toEqual(bytes);
    const words = Uint16Array.from({ length: 65536 }, (_, k) => k);
    expect(
      Buffer.compare(Buffer.from(toWords(fromWords(words, 256, 64, 4)).buffer), Buffer.from(words.buffer)),
    ).toBe(0);
  });

  it('interleaves', () => {
    const picture = raster(2, 1, 3, Float32Array.of(0.2, 0.4, 0.6, 0.8, 1, 0));
    expect([...toBytes(picture)]).toEqual([51, 153, 255, 102, 204, 0]);
    const back = fromBytes(toBytes(picture), 2, 1, 3);
    expect([...toBytes(back)]).toEqual([51, 153, 255, 102, 204, 0]);
    expect(back.data[1]).toBeCloseTo(0.4, 6);
  });

  it('clips overshoot, rounds to the nearest, and takes what is no number as 0', () => {
    const values = Float32Array.of(-0.3, 1.4, 0.49 / 255, 0.51 / 255, NaN, Infinity);
    expect([...toBytes(raster(6, 1, 1, values))]).toEqual([0, 255, 0, 1, 0, 255]);
    expect([...toWords(raster(6, 1, 1, values))]).toEqual([0, 65535, 126, 131, 0, 65535]);
  });

  it.each([
    { channels: 1, values: [0.2], rgba: [51, 51, 51, 255] },
    { channels: 2, values: [0.2, 0.4], rgba: [51, 51, 51, 102] },
    { channels: 3, values: [0.2, 0.4, 2], rgba: [51, 102, 255, 255] },
    { channels: 4, values: [0.2, 0.4, 0.6, 0], rgba: [51, 102, 153, 0] },
  ])('shows $channels channels as RGBA', ({ channels, values, rgba }) => {
    expect([...toRgba8(raster(1, 1, channels, Float32Array.from(values)))]).toEqual(rgba);
  });

  it('refuses data of another length', () => {
    expect(() => fromBytes(new Uint8Array(5), 2, 1, 3)).toThrow(
      '2 x 1 x 3 interleaved values are 6, received 5',
    );
  });
});
