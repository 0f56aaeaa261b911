import { is } from 'valibot';
import { expect, test } from 'vitest';
import { rgbaSchema } from '../../../src/shared/contract/values';

test('pixels of a large screen pass: 1024 by 1024, and more', () => {
  expect(is(rgbaSchema, Buffer.alloc(4 * 1024 * 1024, 77).toString('base64'))).toBe(true);
  expect(is(rgbaSchema, Buffer.alloc(4 * 4096 * 1024 + 1, 77).toString('base64'))).toBe(true);
});

test.each(['', 'TU0=', 'TQ==', 'TU1N', 'a+/9'])('%j is base64', (text) => {
  expect(is(rgbaSchema, text)).toBe(true);
});

test.each(['TQ=', 'T===', '=TU1', 'TU=N', 'TQ', 'TU1N TU1N', 'TU1-', 'TU1\n'])('%j is none', (text) => {
  expect(is(rgbaSchema, text)).toBe(false);
});
