import { describe, expect, it } from 'vitest';
import { conditionOfPhoto, spreadPieces } from '../../src/engine/photos/condition';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { contains, wholeOf } from '../../src/shared/geometry';
import { seeded } from '../unit/seeded';

describe('the pieces of a photo that its condition is read from', () => {
  it.each([
    [1, 1],
    [200, 4000],
    [673, 672],
    [6000, 4000],
  ])('lie inside %d x %d, at multiples of 8, and are under a megapixel', (width, height) => {
    const pieces = spreadPieces({ width, height });
    for (const piece of pieces) {
      expect(contains(wholeOf<'source'>({ width, height }), piece)).toBe(true);
      expect([piece.x % 8, piece.y % 8]).toEqual([0, 0]);
    }
    expect(pieces.reduce((sum, piece) => sum + piece.width * piece.height, 0)).toBeLessThan(1e6);
  });
});

describe('the condition of an open photo', () => {
  it('is measured once', async () => {
    const photo = photoOf(seeded(4).picture(900, 700, 3), 'noise');
    let reads = 0;
    const counted = {
      ...photo,
      read: (...asked: Parameters<typeof photo.read>) => (reads++, photo.read(...asked)),
    };
    const [first, second] = [await conditionOfPhoto(counted), await conditionOfPhoto(counted)];
    expect(second).toBe(first);
    expect(reads).toBe(9);
    expect(first.findings).toEqual(['noise']);
  });

  it('is tried again after it failed', async () => {
    const photo = photoOf(seeded(4).picture(40, 40, 1), 'noise');
    let isBroken = true;
    const read: typeof photo.read = (...asked) =>
      isBroken ? Promise.reject(new Error('the disk')) : photo.read(...asked);
    const broken = { ...photo, read };
    await expect(conditionOfPhoto(broken)).rejects.toThrow('the disk');
    isBroken = false;
    await expect(conditionOfPhoto(broken)).resolves.toMatchObject({ jpegQuality: null });
  });
});
