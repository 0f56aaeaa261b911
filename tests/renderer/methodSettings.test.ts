import { describe, expect, test } from 'vitest';
import { estimateSeconds } from '../../src/renderer/editor/methodList';
import { drawSeed, optionsOf } from '../../src/renderer/editor/methodSettings';
import { optionsKey, PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { inventedStrength } from '../../src/renderer/scene/inventedStrength';
import { tileSide } from '../../src/renderer/scene/tileGrid';
import { methodCard } from './fakeDoor';

const crisp = methodCard({
  id: 'cs',
  family: 'implicit',
  controls: [
    { id: 'crispness', default: 0.4 },
    { id: 'seed', default: 7 },
  ],
});

describe('what was turned in a method', () => {
  test('is asked for; what was not is left to the method, and so is what it does not have', () => {
    expect(optionsOf(crisp)).toEqual(PLAIN_OPTIONS);
    expect(optionsOf(crisp, { consistent: true, crispness: 0, strength: 0.3 })).toEqual({
      ensemble: false,
      consistent: true,
      crispness: 0,
    });
  });

  test('consistency is not asked of what is consistent already', () => {
    expect(optionsOf(methodCard({ alwaysConsistent: true }), { consistent: true })).toEqual(PLAIN_OPTIONS);
  });

  test('an interpolation is not averaged: it would be the same', () => {
    expect(optionsOf(methodCard(), { ensemble: true }).ensemble).toBe(false);
    expect(optionsOf(crisp, { ensemble: true }).ensemble).toBe(true);
  });

  test('different options have different keys', () => {
    const turns = [{}, { crispness: 0.5 }, { strength: 0.5 }, { seed: 1 }, { consistent: true }];
    const keys = [...turns, { ensemble: true }].map((part) => optionsKey({ ...PLAIN_OPTIONS, ...part }));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('eight flips and rotations take eight times as long', () => {
    const card = methodCard({ paces: { 2: 2 } });
    expect(estimateSeconds(card, 2, 3, { ensemble: true })).toBe(48);
  });
});

test('another seed is never the same one', () => {
  for (const current of [0, 1, 499_999, 999_999, 5_000_000]) {
    for (const random of [0, 0.000001, 0.4999995, 0.5, 0.9999999]) {
      const seed = drawSeed(current, () => random);
      expect(seed).not.toBe(current);
      expect(Number.isInteger(seed) && seed >= 0 && seed < 1_000_000).toBe(true);
    }
  }
});

describe('the strength of what was invented', () => {
  const tile = (x: number, steps: number) => ({
    rect: { x, y: 0, width: 100, height: 50 },
    squares: 100 * 50 * (steps / 255) ** 2,
  });

  test('is the root mean square over all that is seen', () => {
    const seen = { x: 0, y: 0, width: 200, height: 50 };
    expect(inventedStrength([tile(0, 3), tile(100, 4)], seen)).toBeCloseTo(Math.sqrt(12.5), 9);
  });

  test('counts a tile that is seen in part by that part, and none that is not', () => {
    const seen = { x: 90, y: 10, width: 40, height: 20 };
    const expected = Math.sqrt((10 * 9 + 30 * 16) / 40);
    expect(inventedStrength([tile(0, 3), tile(100, 4), tile(200, 99)], seen)).toBeCloseTo(expected, 9);
    expect(inventedStrength([tile(200, 5)], seen)).toBeNull();
  });
});

test('where a projection’s margin would be most of the work, tiles are larger', () => {
  expect(tileSide(4, true)).toBe(tileSide(4));
  expect(tileSide(16, true)).toBeGreaterThan(tileSide(16));
});
