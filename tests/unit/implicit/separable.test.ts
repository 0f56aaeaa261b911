import { describe, expect, it } from 'vitest';
import { axisPositions, type AxisPositions, type Run } from '../../../src/engine/kernels/positions';
import { asCells, LARGEST, type Cells, type SeparableBasis } from '../../../src/engine/pixels/cells';
import { sumCells } from '../../../src/engine/pixels/separable';
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

/** Of 8 bits; what rounding to 16 adds up to. */
const TENTH_OF_A_STEP = 0.1 / 255;

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
    expect(largestDifference(whole.data, right.data)).toBeLessThan(TENTH_OF_A_STEP);

    // From tiles that share a column, each with a unit of its own, a part at a time.
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
    expect(largestDifference(parts.data, right.data)).toBeLessThan(TENTH_OF_A_STEP);
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
    expect(found.unit).toBeCloseTo(wanted.unit, 8);
    expect(largestDifference(found.values, wanted.values)).toBeLessThanOrEqual(1);
  });

  it('has a unit for each tile, however far apart their coefficients are', () => {
    const [rows, columns] = [along(9, 2.7), along(13, 2.7)];
    const ones = { rows: 2 * rows.length * K, columns: 2 * columns.length * K, gains: 3 * K * K };
    const basis = {
      ...form,
      rows: numbers(ones.rows),
      columns: numbers(ones.columns),
      gains: numbers(ones.gains),
    };
    // The left tile's are a thousand times those of the right one, which keeps the precision that it has alone.
    const [left, right] = [rect(-1, -1, 6, 11), rect(5, -1, 9, 11)];
    const small = cutOut(features, right);
    const loud = raster(
      6,
      11,
      3 * K * K,
      cutOut(features, left).data.map((value) => 1000 * value),
    );
    const pixelsOf = (tiles: Cells[], from: number): Float32Array => {
      const into = raster(columns.length, rows.length, 3);
      const bands = [{ run: all(rows), parts: tiles }];
      const across = { from, count: columns.length - from };
      sumCells({ rows, columns, basis, bands, across }, into);
      return into.data;
    };
    const cellsOfRight = asCells({ rect: right, pixels: small }, form);
    const first = columns.cells.findIndex((cell) => cell >= right.x);
    const both = pixelsOf([asCells({ rect: left, pixels: loud }, form), cellsOfRight], 0);
    const alone = pixelsOf([cellsOfRight], first);
    for (const [i, value] of alone.entries())
      if (i % columns.length >= first) expect(Math.abs(both[i]! - value)).toBeLessThan(1e-6);
  });

  it('stays within 32 bits where all coefficients and weights are as large as they get', () => {
    const [rows, columns] = [along(9, 2), along(13, 2)];
    const basis = {
      ...form,
      rows: new Float32Array(2 * rows.length * K).fill(1),
      columns: new Float32Array(2 * columns.length * K).fill(1),
      gains: new Float32Array(3 * K * K).fill(1),
    };
    const loud: Window = { rect: features.rect, pixels: raster(15, 11, 3 * K * K) };
    loud.pixels.data.fill(-1);
    const made = asCells(loud, form);
    expect(Math.min(...made.values)).toBe(-LARGEST);
    const into = raster(columns.length, rows.length, 3);
    const bands = [{ run: all(rows), parts: [made] }];
    sumCells({ rows, columns, basis, bands, across: all(columns) }, into);
    for (const value of into.data) expect(value).toBeCloseTo(-4 * K * K, 2);
  });

  it('sums nothing where all coefficients are zero', () => {
    const silent = asCells({ rect: features.rect, pixels: raster(15, 11, 3 * K * K) }, form);
    expect(silent.unit).toBe(0);
    expect(silent.values.every((value) => value === 0)).toBe(true);
  });
});
