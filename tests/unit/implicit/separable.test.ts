import { describe, expect, it } from 'vitest';
import { axisPositions, type AxisPositions, type Run } from '../../../src/engine/kernels/positions';
import { asCells } from '../../../src/engine/pixels/cells';
import { sumCells, type SeparableBasis } from '../../../src/engine/pixels/separable';
import { raster, type Raster } from '../../../src/engine/kernels/raster';
import { cutOut, type Window } from '../../../src/engine/kernels/window';
import { rect } from '../../../src/shared/geometry';
import { largestDifference, seeded } from '../seeded';

const K = 3;
const random = seeded(17);
const numbers = (length: number): Float32Array =>
  Float32Array.from({ length }, () => random.whole(-1000, 1000) / 1000);

/** Features of a photo of 13 x 9 and of the cells mirrored around it. */
const features: Window = {
  rect: rect(-1, -1, 15, 11),
  pixels: raster(15, 11, 3 * K * K, numbers(15 * 11 * 3 * K * K)),
};
const form = { functions: K, sets: [1] };
const cells = asCells(features, form);

const along = (photo: number, scale: number): AxisPositions =>
  axisPositions({ scale, photo, start: 0, length: Math.round(photo * scale) });

/** The pixels by their definition. */
function expected(rows: AxisPositions, columns: AxisPositions, basis: SeparableBasis): Raster {
  const made = raster(columns.length, rows.length, 3);
  const at = (channel: number, y: number, x: number): number =>
    features.pixels.data[(channel * 11 + y + 1) * 15 + x + 1]!;
  for (let c = 0, i = 0; c < 3; c++) {
    for (let y = 0; y < rows.length; y++) {
      for (let x = 0; x < columns.length; x++, i++) {
        for (const down of [y, rows.length + y]) {
          for (const across of [x, columns.length + x]) {
            for (let p = 0; p < K; p++) {
              for (let q = 0; q < K; q++) {
                const channel = (c * K + p) * K + q;
                made.data[i]! +=
                  basis.rows[down * K + p]! *
                  basis.columns[across * K + q]! *
                  basis.gains[channel]! *
                  at(channel, rows.cells[down]!, columns.cells[across]!);
              }
            }
          }
        }
      }
    }
  }
  return made;
}

const all = ({ length }: AxisPositions): Run => ({ from: 0, count: length });

describe('a separable decoder', () => {
  it.each([1, 2, 2.7, 5.3])('makes the sum over four cells at x%d', (scale) => {
    const [rows, columns] = [along(9, scale), along(13, scale)];
    const basis = {
      ...form,
      rows: numbers(2 * rows.length * K),
      columns: numbers(2 * columns.length * K),
      gains: numbers(3 * K * K),
    };
    const right = expected(rows, columns, basis);
    const whole = raster(columns.length, rows.length, 3);
    const bands = [{ run: all(rows), parts: [cells] }];
    sumCells({ rows, columns, basis, bands, across: all(columns) }, whole);
    expect(largestDifference(whole.data, right.data)).toBeLessThan(1e-5);

    // From tiles that share a column, a part at a time: the very same numbers.
    const [cutY, cutX] = [Math.floor(rows.length / 3), Math.floor(columns.length / 2) + 1];
    const tiles = [rect(-1, -1, 6, 11), rect(4, -1, 5, 11), rect(8, -1, 6, 11)].map((part) =>
      asCells({ rect: part, pixels: cutOut(features, part) }, form),
    );
    const parts = raster(columns.length, rows.length, 3);
    const down = [
      { run: { from: 0, count: cutY }, parts: tiles },
      { run: { from: cutY, count: rows.length - cutY }, parts: tiles },
    ];
    for (const across of [
      { from: 0, count: cutX },
      { from: cutX, count: columns.length - cutX },
    ])
      sumCells({ rows, columns, basis, bands: down, across }, parts);
    expect(parts.data).toEqual(whole.data);
  });

  it('keeps what it is not asked for', () => {
    const [rows, columns] = [along(9, 2), along(13, 2)];
    const basis = { ...form, rows: numbers(108), columns: numbers(156), gains: numbers(27) };
    const into = raster(26, 18, 3);
    into.data.fill(7);
    const bands = [{ run: { from: 3, count: 2 }, parts: [cells] }];
    sumCells({ rows, columns, basis, bands, across: { from: 5, count: 6 } }, into);
    const changed = into.data.reduce((sum, value) => sum + (value === 7 ? 0 : 1), 0);
    expect(changed).toBe(3 * 2 * 6);
  });

  it('adds its sets of coefficients as far as they are taken', () => {
    const area = 15 * 11;
    const second = numbers(area * 3 * K * K);
    const both = raster(15, 11, 6 * K * K);
    both.data.set(features.pixels.data);
    both.data.set(second, second.length);
    const added = features.pixels.data.map((value, i) => value + 0.25 * second[i]!);
    const wanted = asCells({ rect: features.rect, pixels: raster(15, 11, 3 * K * K, added) }, form);
    const found = asCells({ rect: features.rect, pixels: both }, { functions: K, sets: [1, 0.25] });
    expect(largestDifference(found.pixels.data, wanted.pixels.data)).toBeLessThan(1e-6);
  });
});
