import { describe, expect, it } from 'vitest';
import { ByteCache } from '../../src/engine/state/byteCache';

const cache = (budget: number) => new ByteCache<Uint8Array>(budget, ({ byteLength }) => byteLength);
const bytes = (count: number): Uint8Array => new Uint8Array(count);

describe('a cache of bytes', () => {
  it('lets the longest unused go, and never holds more than it may', () => {
    const held = cache(40);
    held.put('a', bytes(16));
    held.put('b', bytes(16));
    expect(held.bytes).toBe(32);
    expect(held.get('a')).toBeDefined();
    held.put('c', bytes(8));
    expect(held.bytes).toBe(40);
    held.put('d', bytes(4));
    expect(held.get('b')).toBeUndefined();
    expect(held.get('a')).toBeDefined();
    expect(held.bytes).toBe(28);
    held.put('huge', bytes(400));
    expect(held.get('huge')).toBeUndefined();
    expect(held.bytes).toBeLessThanOrEqual(40);
    held.clear();
    expect([held.bytes, held.get('d')]).toEqual([0, undefined]);
  });

  it('counts a value that takes the place of another once', () => {
    const held = cache(40);
    held.put('a', bytes(30));
    held.put('a', bytes(10));
    expect([held.bytes, held.get('a')?.length]).toEqual([10, 10]);
  });

  it('forgets what begins with a word, and only that', () => {
    const held = cache(40);
    for (const key of ['photo-1 x', 'photo-1 y', 'photo-12 x']) held.put(key, bytes(1));
    held.forget('photo-1 ');
    expect(held.bytes).toBe(1);
    expect(held.get('photo-12 x')).toBeDefined();
  });

  it('lets what can be spared go before all else, however lately it was used', () => {
    const held = cache(40);
    held.put('a', bytes(16));
    held.putSpare('spare', bytes(16));
    expect(held.get('spare')).toBeDefined();
    held.put('b', bytes(16));
    expect([held.get('spare'), held.bytes]).toEqual([undefined, 32]);
    held.putSpare('spare', bytes(16));
    expect([held.get('spare'), held.bytes]).toEqual([undefined, 32]);
    held.putSpare('b', bytes(2));
    expect([held.get('b')?.length, held.bytes]).toEqual([2, 18]);
  });

  it('tells of each value that it holds no longer, once', () => {
    const dropped: number[] = [];
    const held = new ByteCache<number>(
      2,
      () => 1,
      (value) => dropped.push(value),
    );
    held.put('a', 1);
    held.putSpare('b', 2);
    held.put('c', 3);
    held.put('c', 4);
    expect(dropped).toEqual([2, 3]);
    held.clear();
    held.clear();
    expect(dropped.sort()).toEqual([1, 2, 3, 4]);
    expect(held.bytes).toBe(0);
  });
});
