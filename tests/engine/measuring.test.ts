import { expect, it, vi } from 'vitest';
import { answersOf, type EngineParts } from '../../src/engine/process/answers';
import type { Client } from '../../src/engine/schedule/client';

it('methods are timed for those who stay and look, and never in a run of the terminal', async () => {
  const measureLater = vi.fn();
  const catalogue = { refresh: () => Promise.resolve(), list: [] };
  const answers = answersOf({ catalogue, measureLater } as unknown as EngineParts);
  const client = { id: 'a' } as Client;
  await answers['methods:list'](client, { measure: false });
  expect(measureLater).not.toHaveBeenCalled();
  await answers['methods:list'](client, { measure: true });
  expect(measureLater).toHaveBeenCalledOnce();
});
