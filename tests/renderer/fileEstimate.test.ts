import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  estimateBatch,
  estimateFile,
  middlePiece,
  pieceAt,
  weighedFiles,
  weighedPlaces,
} from '../../src/renderer/editor/fileEstimate';
import { contains, rect, wholeOf } from '../../src/shared/geometry';
import { seeded } from '../unit/seeded';

describe('where a file is weighed', () => {
  it('lies inside it, at blocks of the encoder, whatever its size', () => {
    const random = seeded(3);
    for (let i = 0; i < 200; i += 1) {
      const whole = { width: random.whole(1, 9000), height: random.whole(1, 9000) };
      for (const piece of weighedPlaces(whole)) {
        expect(contains(wholeOf(whole), piece)).toBe(true);
        expect([piece.x % BLOCK, piece.y % BLOCK]).toEqual([0, 0]);
      }
      const middle = { x: random.whole(-50, 9000), y: random.whole(-50, 9000) };
      const piece = pieceAt(middle, { width: 500, height: 300 }, whole);
      expect(contains(wholeOf(whole), piece)).toBe(true);
      expect([piece.x % BLOCK, piece.y % BLOCK]).toEqual([0, 0]);
    }
  });

  it('is all of a small one, and five different places of a large one', () => {
    expect(weighedPlaces({ width: 300, height: 512 })).toEqual([rect(0, 0, 300, 512)]);
    const places = weighedPlaces({ width: 2000, height: 1500 });
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(5);
  });

  it('is about what is looked at where there is room', () => {
    expect(pieceAt({ x: 1000, y: 1000 }, { width: 256, height: 256 }, { width: 4000, height: 4000 })).toEqual(
      rect(896, 896, 256, 256),
    );
    expect(pieceAt({ x: 0, y: 4000 }, { width: 256, height: 256 }, { width: 4000, height: 4000 })).toEqual(
      rect(0, 3712, 256, 256),
    );
  });
});

describe('the size of a file', () => {
  const whole = { width: 1000, height: 1000 };

  it('is the mean of the pieces over all pixels, and what every file has once', () => {
    const weighed = [
      { piece: rect(0, 0, 100, 100), pixelBytes: 1000 },
      { piece: rect(500, 500, 100, 100), pixelBytes: 3000 },
    ];
    expect(estimateFile(weighed, 500, whole)).toEqual({ bytes: 200_500, places: 2, share: 0.02 });
  });

  it('of a file that was weighed whole is that of its pixels', () => {
    const weighed = [{ piece: wholeOf(whole), pixelBytes: 12_345 }];
    expect(estimateFile(weighed, 55, whole)).toEqual({ bytes: 12_400, places: 1, share: 1 });
  });

  it('is not known before anything was weighed', () => {
    expect(estimateFile([], 500, whole)).toBeNull();
    expect(estimateFile([{ piece: rect(0, 0, 10, 10), pixelBytes: 9 }], null, whole)).toBeNull();
  });
});

describe('the size of a batch', () => {
  const file = (width: number, height: number, pixelBytes: number | null) => {
    const size = { width, height };
    return { size, weighed: pixelBytes === null ? [] : [{ piece: middlePiece(size), pixelBytes }] };
  };

  it('is the sum of its files where all were weighed', () => {
    const files = [file(1000, 800, 9000), file(3000, 2000, 70_000), file(100, 100, 4000)];
    const sum = files.reduce((all, { size, weighed }) => all + estimateFile(weighed, 500, size)!.bytes, 0);
    const batch = estimateBatch(files, 500)!;
    expect(batch.files).toBe(3);
    expect(Math.abs(batch.bytes - sum)).toBeLessThanOrEqual(2);
  });

  it('takes the others to be like those that were, and is not known before the first', () => {
    const bytes = (area: number): number => area * 2 + 500;
    const files = [file(1024, 1024, 2 * 256 * 256), file(2000, 1500, null), file(100, 70, null)];
    expect(estimateBatch(files, 500)).toEqual({
      bytes: bytes(1024 * 1024) + bytes(2000 * 1500) + bytes(7000),
      files: 1,
    });
    expect(estimateBatch([file(10, 10, null), file(20, 20, null)], 500)).toBeNull();
  });

  it('weighs all of a few files, and some spread over many', () => {
    expect(weighedFiles(1)).toEqual([0]);
    expect(weighedFiles(5)).toEqual([0, 1, 2, 3, 4]);
    const places = weighedFiles(1000);
    expect(new Set(places).size).toBe(places.length);
    expect(places.length).toBeLessThan(20);
    expect([places[0], places.at(-1)]).toEqual([0, 999]);
  });
});
