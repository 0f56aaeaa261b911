import { expect, it, vi } from 'vitest';
import { onceMore } from '../../src/cli/onceMore';
import { FaultError } from '../../src/shared/faults';

const died = (): Promise<never> =>
  Promise.reject(new FaultError('engine-lost', 'The engine stopped unexpectedly.'));
const refused = (): Promise<never> => Promise.reject(new FaultError('bad-scale', 'Expected a larger photo.'));

it.each<[string, (() => Promise<string>)[], string | Error, number]>([
  ['an engine that lives', [() => Promise.resolve('done')], 'done', 0],
  ['an engine that dies once', [died, () => Promise.resolve('done')], 'done', 1],
  ['an engine that dies twice', [died, died], new Error('stopped unexpectedly'), 1],
  ['what is refused', [refused], new Error('Expected a larger photo'), 0],
])('%s', async (_, attempts, expected, times) => {
  const work = vi.fn(() => attempts[work.mock.calls.length - 1]!());
  const onAgain = vi.fn();
  const found = onceMore(work, onAgain);
  if (expected instanceof Error) await expect(found).rejects.toThrow(expected.message);
  else expect(await found).toBe(expected);
  expect([work.mock.calls.length, onAgain.mock.calls.length]).toEqual([attempts.length, times]);
});
