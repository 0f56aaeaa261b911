import { expect, it } from 'vitest';
import { FeatureCache } from '../../../src/engine/methods/implicit/featureCache';
import { raster } from '../../../src/engine/kernels/raster';
import { rect } from '../../../src/shared/geometry';

const tile = (values: number) => ({ rect: rect(0, 0, values, 1), pixels: raster(values, 1, 1) });

it('the cache of features lets the longest unused go, and never holds more than it may', () => {
  const cache = new FeatureCache(40);
  cache.put('a', tile(4));
  cache.put('b', tile(4));
  expect(cache.bytes).toBe(32);
  expect(cache.get('a')).toBeDefined();
  cache.put('c', tile(2));
  expect(cache.bytes).toBe(40);
  cache.put('d', tile(1));
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toBeDefined();
  expect(cache.bytes).toBe(28);
  cache.put('huge', tile(100));
  expect(cache.bytes).toBeLessThanOrEqual(40);
  cache.clear();
  expect([cache.bytes, cache.get('d')]).toEqual([0, undefined]);
});
