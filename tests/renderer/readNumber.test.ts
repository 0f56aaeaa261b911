import { describe, expect, test } from 'vitest';
import { readNumber } from '../../src/renderer/locales/readNumber';
import { LENGTH_UNITS, PIXEL_UNITS, SCALE_UNITS, ZOOM_UNITS } from '../../src/renderer/locales/units';
import { seeded } from '../unit/seeded';

const LOCALES = ['en', 'ko', 'de', 'fr', 'de-CH', 'en-IN', 'es', 'sv'];

describe('a number that someone wrote', () => {
  test('what a language writes is what it reads, grouped or not', () => {
    const random = seeded(12);
    for (let round = 0; round < 2000; round += 1) {
      const locale = random.pick(LOCALES);
      const digits = random.whole(0, 3);
      const value = Number((random.whole(0, 10 ** random.whole(1, 9)) / 10 ** digits).toFixed(digits));
      for (const useGrouping of [true, false]) {
        const text = value.toLocaleString(locale, { maximumFractionDigits: 3, useGrouping });
        expect(readNumber(text, locale), `${text} in ${locale}`).toBe(value);
      }
    }
  });

  test.each([
    ['3,000', 3000],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['1 234,5', 1234.5],
    ['1’234’567.25', 1_234_567.25],
    ['1,234,567', 1_234_567],
    ['1.234.567', 1_234_567],
    ['2,5', 2.5],
    ['0,125', 0.125],
    ['1.234', 1.234],
    ['.5', 0.5],
    ['5.', 5],
    ['12,34,567.5', 1_234_567.5],
    ['３００', 300],
    [' 7 ', 7],
    ['−2', -2],
  ])('%s is %d in English', (text, value) => {
    expect(readNumber(text, 'en')).toBeCloseTo(value, 9);
  });

  test('one mark before three digits is read as the language reads it', () => {
    expect(readNumber('1,234', 'en')).toBe(1234);
    expect(readNumber('1,234', 'de')).toBe(1.234);
    expect(readNumber('1.234', 'de')).toBe(1234);
    expect(readNumber('1.234', 'ko')).toBe(1.234);
  });

  test.each([
    '',
    ' ',
    'abc',
    '1e3',
    '1,2,3',
    '1.2.3',
    '1,23,4',
    '1.234.5',
    '1,234,5',
    '..',
    '--1',
    '3 4 x y',
  ])('“%s” is no number', (text) => {
    expect(readNumber(text, 'en', SCALE_UNITS)).toBeNull();
  });

  test.each([
    ['x3', SCALE_UNITS, 3],
    ['×2.5', SCALE_UNITS, 2.5],
    ['3X', SCALE_UNITS, 3],
    ['4배', SCALE_UNITS, 4],
    ['300%', SCALE_UNITS, 3],
    ['300 ％', SCALE_UNITS, 3],
    ['1920px', PIXEL_UNITS, 1920],
    ['1,920 Pixels', PIXEL_UNITS, 1920],
    ['10 in', LENGTH_UNITS, 25.4],
    ['100mm', LENGTH_UNITS, 10],
    ['250 %', ZOOM_UNITS, 250],
    ['x2', ZOOM_UNITS, 200],
  ])('%s with its unit', (text, units, value) => {
    expect(readNumber(text, 'en', units)).toBeCloseTo(value, 9);
  });

  test('a unit that does not belong to the field, and two of them, are refused', () => {
    expect(readNumber('1920px', 'en', LENGTH_UNITS)).toBeNull();
    expect(readNumber('x3x', 'en', SCALE_UNITS)).toBeNull();
    expect(readNumber('50%', 'en')).toBeNull();
  });
});
