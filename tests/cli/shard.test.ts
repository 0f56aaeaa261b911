import { describe, expect, it } from 'vitest';
import { isInShard, readShard } from '../../src/cli/shard';

const photos = Array.from({ length: 1000 }, (_, i) => ({
  path: `photos/${i % 7}/${i}.jpg`,
  folder: `${i % 7}`,
}));

describe('--shard I/N', () => {
  it('gives every photo to exactly one part, and every part about as many', () => {
    const parts = Array.from({ length: 8 }, (_, i) =>
      photos.filter((photo) => isInShard(photo, { part: i + 1, of: 8 })),
    );
    expect(new Set(parts.flat()).size).toBe(1000);
    expect(parts.flat()).toHaveLength(1000);
    for (const part of parts) expect(Math.abs(part.length - 125)).toBeLessThan(45);
  });

  it('follows from the place in the tree alone: not from where the tree lies, nor from other photos', () => {
    for (const { path, folder } of photos.slice(0, 50)) {
      const elsewhere = { path: `/mnt/other/${path}`, folder };
      for (const part of [1, 2, 3]) {
        expect(isInShard(elsewhere, { part, of: 3 })).toBe(isInShard({ path, folder }, { part, of: 3 }));
      }
    }
  });

  it('is read from 1 to N', () => {
    expect(readShard('3/10')).toEqual({ part: 3, of: 10 });
    for (const text of ['0/3', '4/3', '3', 'a/b', '1/', '']) {
      expect(() => readShard(text)).toThrow(/Expected --shard to be I\/N/);
    }
  });
});
