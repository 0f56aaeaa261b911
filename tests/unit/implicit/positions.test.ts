import { describe, expect, it } from 'vitest';
import { cutRun, tileRuns } from '../../../src/engine/methods/implicit/batches';
import { axisPositions, cellsOf, decoderAxis } from '../../../src/engine/kernels/positions';
import { outputLength, sourcePosition } from '../../../src/shared/geometry';
import { seeded } from '../seeded';

const SCALES = [1, 1.0001, 1.5, 2, 2.9, 3, Math.PI, 4, 29.99, 30];
const PHOTO = 23;

const wholeAxis = (scale: number, mirrored = false) =>
  axisPositions({ scale, photo: PHOTO, start: 0, length: outputLength(PHOTO, scale), mirrored });

describe.each(SCALES)('the positions of an axis at x%d', (scale) => {
  const axis = wholeAxis(scale);
  const { length, cells, offsets, weights } = axis;

  it('are those of docs/implicit.md', () => {
    for (let i = 0; i < length; i++) {
      const y = sourcePosition(i, scale);
      // Where a position is a whole number but for rounding, either pair of cells is right.
      const isWhole = Math.abs(y - Math.round(y)) < 1e-9;
      const inside = (cell: number): number => Math.min(PHOTO, Math.max(-1, cell));
      for (const k of [0, 1]) {
        const at = k * length + i;
        if (!isWhole) expect(cells[at]).toBe(inside(Math.floor(y) + k));
        expect(offsets[at]).toBeCloseTo(2 * (y - cells[at]!), 5);
      }
      const [before, after] = [Math.abs(offsets[i]!), Math.abs(offsets[length + i]!)];
      expect(weights[i]).toBeCloseTo(before + after === 0 ? 0.5 : after / (before + after), 6);
    }
  });

  it('have weights that are one together', () => {
    for (let i = 0; i < length; i++) {
      expect(weights[i]! + weights[length + i]!).toBeCloseTo(1, 6);
      expect(weights[i]).toBeGreaterThanOrEqual(0);
      expect(weights[i]).toBeLessThanOrEqual(1);
    }
  });

  it('have the mirrored cell, and no other, beyond the outermost pixel centres', () => {
    for (let i = 0; i < length; i++) {
      const y = sourcePosition(i, scale);
      if (y >= 0 && y <= PHOTO - 1) continue;
      const around = y < 0 ? [-1, 0] : [PHOTO - 1, PHOTO];
      expect([cells[i], cells[length + i]]).toEqual(around);
    }
  });

  it('are in any part what they are in the whole, bit for bit', () => {
    const random = seeded(5);
    for (let k = 0; k < 30; k++) {
      const start = random.whole(0, length - 1);
      const count = random.whole(1, length - start);
      const part = axisPositions({ scale, photo: PHOTO, start, length: count });
      expect(decoderAxis(part, { from: 0, count }, 0)).toEqual(decoderAxis(axis, { from: start, count }, 0));
    }
  });

  it('move with a region that moves by one output pixel', () => {
    const count = Math.min(20, length - 1);
    const region = axisPositions({ scale, photo: PHOTO, start: 0, length: count });
    const moved = axisPositions({ scale, photo: PHOTO, start: 1, length: count });
    const overlap = { from: 0, count: count - 1 };
    expect(decoderAxis(moved, overlap, 0)).toEqual(decoderAxis(region, { from: 1, count: count - 1 }, 0));
    expect(decoderAxis(moved, { from: 0, count }, 0)).not.toEqual(decoderAxis(region, { from: 0, count }, 0));
  });

  it('are mirrored in a mirrored photo', () => {
    const mirrored = wholeAxis(scale, true);
    for (let i = 0; i < length; i++) {
      const y = PHOTO - 1 - sourcePosition(i, scale);
      for (const at of [i, length + i]) {
        expect(mirrored.offsets[at]).toBeCloseTo(2 * (y - mirrored.cells[at]!), 5);
        expect(Math.abs(y - mirrored.cells[at]!)).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(mirrored.weights[i]! + mirrored.weights[length + i]!).toBeCloseTo(1, 6);
    }
  });

  it.each([false, true])('fall into runs of tiles that hold all their cells (mirrored: %s)', (mirrored) => {
    const around = wholeAxis(scale, mirrored);
    const side = 8;
    const runs = tileRuns(around, side);
    let next = 0;
    for (const { tile, from, count } of runs) {
      expect(from).toBe(next);
      next += count;
      const { first, last } = cellsOf(around, { from, count });
      // The first tile has the cell mirrored before the photo as well.
      expect(first).toBeGreaterThanOrEqual(tile === 0 ? -1 : tile * side);
      expect(last).toBeLessThanOrEqual(tile * side + side);
    }
    expect(next).toBe(length);
  });

  it('are cut into batches within their limits', () => {
    const limits = { pixels: 7, cells: 3 };
    let next = 0;
    for (const run of cutRun(axis, { from: 0, count: length }, limits)) {
      expect(run.from).toBe(next);
      next += run.count;
      expect(run.count).toBeGreaterThan(0);
      expect(run.count).toBeLessThanOrEqual(limits.pixels);
      const { first, last } = cellsOf(axis, run);
      expect(last - first).toBeLessThanOrEqual(limits.cells + 2);
    }
    expect(next).toBe(length);
  });
});

describe('which source pixels a rectangle needs', () => {
  it('is those on both sides of its first and last position, and no others', () => {
    // x4, output 8 to 15: positions 1.625 to 3.375.
    const axis = axisPositions({ scale: 4, photo: 10, start: 8, length: 8 });
    expect(cellsOf(axis, { from: 0, count: 8 })).toEqual({ first: 1, last: 4 });
    expect(cellsOf(axis, { from: 2, count: 4 })).toEqual({ first: 2, last: 3 });
  });

  it('is the last pixel and the one mirrored behind it, beyond its centre', () => {
    const axis = axisPositions({ scale: 4, photo: 10, start: 39, length: 1 });
    expect(cellsOf(axis, { from: 0, count: 1 })).toEqual({ first: 9, last: 10 });
  });
});

it('positions of a rational scale repeat exactly', () => {
  const axis = axisPositions({ scale: 3.5, photo: 1000, start: 0, length: 3500 });
  for (let i = 70; i < 140; i++) {
    expect(axis.offsets[i + 70 * 40]).toBe(axis.offsets[i]);
    expect(axis.weights[i + 70 * 40]).toBe(axis.weights[i]);
    expect(axis.cells[i + 70 * 40]).toBe(axis.cells[i]! + 20 * 40);
  }
});

it('a decoder counts cells from the first row that it is given', () => {
  const axis = axisPositions({ scale: 2, photo: 50, start: 40, length: 4 });
  // Positions 19.75, 20.25, 20.75, 21.25.
  expect([...decoderAxis(axis, { from: 0, count: 4 }, 19).index]).toEqual([0, 1, 1, 2, 1, 2, 2, 3]);
  expect([...decoderAxis(axis, { from: 1, count: 2 }, 20).offset]).toEqual([0.5, 1.5, -1.5, -0.5]);
  expect([...decoderAxis(axis, { from: 1, count: 2 }, 20).weight]).toEqual([0.75, 0.25, 0.25, 0.75]);
});

it('each axis has a scale of its own', () => {
  const rows = axisPositions({ scale: 2, photo: 9, start: 0, length: 18 });
  const columns = axisPositions({ scale: 3, photo: 9, start: 0, length: 27 });
  expect(rows.offsets[3]).toBe(0.5);
  expect(columns.offsets[5]).toBeCloseTo(2 / 3, 6);
});
