import { describe, expect, it } from 'vitest';
import { applyTable, type ColourTable } from '../../../src/engine/kernels/color/lut';
import { plane, raster } from '../../../src/engine/kernels/raster';
import { largestDifference, seeded } from '../seeded';

type Colour = [number, number, number];

function tableOf(size: number, transform: (colour: Colour) => Colour): ColourTable {
  const data = new Float32Array(3 * size ** 3);
  let k = 0;
  for (let r = 0; r < size; r++) {
    for (let g = 0; g < size; g++) {
      for (let b = 0; b < size; b++, k += 3) {
        data.set(transform([r / (size - 1), g / (size - 1), b / (size - 1)]), k);
      }
    }
  }
  return { size, data };
}

describe('applyTable', () => {
  const random = seeded(8);

  it.each([2, 3, 17, 33])('reproduces every affine transform, %d points an axis', (size) => {
    const affine = ([r, g, b]: Colour): Colour => [
      0.7 * r + 0.2 * g + 0.1 * b,
      0.9 * g - 0.1 * r + 0.05,
      0.3 * b + 0.5 * g,
    ];
    const picture = random.picture(50, 40, 4);
    const expected = picture.data.slice();
    for (let i = 0; i < 2000; i++) {
      const mapped = affine([expected[i]!, expected[2000 + i]!, expected[4000 + i]!]);
      mapped.forEach((value, c) => (expected[c * 2000 + i] = value));
    }
    applyTable(picture, tableOf(size, affine));
    expect(largestDifference(picture.data, expected)).toBeLessThan(1e-6);
  });

  it('is tetrahedral: a product of two colours becomes the smaller of them', () => {
    const picture = random.picture(30, 30, 3);
    const [r, g, b] = [0, 1, 2].map((c) => plane(picture, c).slice()) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    applyTable(
      picture,
      tableOf(2, (rgb) => [rgb[0] * rgb[1], rgb[1] * rgb[2], rgb[2] * rgb[0]]),
    );
    expect(
      largestDifference(
        plane(picture, 0),
        r.map((value, i) => Math.min(value, g[i]!)),
      ),
    ).toBeLessThan(1e-6);
    expect(
      largestDifference(
        plane(picture, 1),
        g.map((value, i) => Math.min(value, b[i]!)),
      ),
    ).toBeLessThan(1e-6);
    expect(
      largestDifference(
        plane(picture, 2),
        b.map((value, i) => Math.min(value, r[i]!)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('gives grid points exactly what the table says, and clips what lies outside', () => {
    const table = tableOf(5, ([r, g, b]) => [r * r, Math.sqrt(g), 1 - b]);
    const picture = raster(3, 1, 3, Float32Array.of(0.25, 0.75, 2, 0.5, 1, -1, 0, 0.25, 0.5));
    applyTable(picture, table);
    const expected = Float32Array.of(0.0625, 0.5625, 1, Math.sqrt(0.5), 1, 0, 1, 0.75, 0.5);
    expect(largestDifference(picture.data, expected)).toBeLessThan(1e-6);
  });

  it('refuses grey pictures and tables of the wrong length', () => {
    const table = tableOf(2, (rgb) => rgb);
    expect(() => applyTable(raster(1, 1, 1), table)).toThrow(/received 1 channels/);
    expect(() => applyTable(raster(1, 1, 3), { ...table, size: 3 })).toThrow(
      '3 points an axis has 81 values, received 24',
    );
  });
});
