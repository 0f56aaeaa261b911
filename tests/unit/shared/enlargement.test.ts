import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { enlargementKey, enlargementSchema, type Enlargement } from '../../../src/shared/enlargement';

const plain: Enlargement = {
  photo: 'photo-a',
  method: { id: 'edsr', sum: '0123456789abcdef' },
  scale: 4,
  options: { ensemble: false, consistent: false },
};

describe('the key of an enlargement', () => {
  it('is the same for what says the same', () => {
    const read = v.parse(enlargementSchema, { ...plain, options: {} });
    expect(enlargementKey(read)).toBe(enlargementKey(plain));
  });

  it.each<[string, Partial<Enlargement>]>([
    ['photo', { photo: 'photo-b' }],
    ['region', { region: { x: 0, y: 0, width: 10, height: 10 } }],
    ['method', { method: { id: 'liif', sum: '0123456789abcdef' } }],
    ['sum of the method, which was trained again', { method: { id: 'edsr', sum: 'fedcba9876543210' } }],
    ['scale', { scale: 4.0001 }],
    ['switch', { options: { ensemble: true, consistent: false } }],
    ['control', { options: { ensemble: false, consistent: false, strength: 0 } }],
  ])('differs with the %s', (_, change) => {
    expect(enlargementKey({ ...plain, ...change })).not.toBe(enlargementKey(plain));
  });

  it('tells a control at its least from one that was not turned', () => {
    const at = (options: Partial<Enlargement['options']>): string =>
      enlargementKey({ ...plain, options: { ...plain.options, ...options } });
    expect(new Set([at({}), at({ strength: 0 }), at({ crispness: 0 }), at({ seed: 0 })]).size).toBe(4);
  });
});
