import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Method } from '../../src/engine/methods/method';
import { answersOf, type EngineParts } from '../../src/engine/process/answers';
import { IdleMeasuring } from '../../src/engine/process/idleMeasuring';
import type { Client } from '../../src/engine/schedule/client';
import { Queue } from '../../src/engine/schedule/queue';

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

describe('methods that were never timed', () => {
  const method = (id: string): Method => ({ id }) as Method;
  const all = [method('a'), method('b'), method('c')];
  const queue = new Queue();
  const measured: string[] = [];
  const paces = {
    unknown: (methods: readonly Method[]) => methods.map((one) => ({ method: one, scale: 2 })),
    measure: (one: Method) => Promise.resolve(measured.push(one.id)),
  };
  const look = async (): Promise<void> => (await queue.turn({ priority: 'view', client: 'page' }))();
  beforeEach(() => {
    measured.length = 0;
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('are timed one after the other once nobody wanted anything for three seconds, each once', async () => {
    const measuring = new IdleMeasuring({ catalogue: { all }, paces, queue });
    measuring.begin();
    measuring.begin();
    await vi.advanceTimersByTimeAsync(2000);
    await look();
    await vi.advanceTimersByTimeAsync(2000);
    await look();
    await vi.advanceTimersByTimeAsync(5999);
    expect(measured).toEqual(['a', 'b', 'c']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(measured).toEqual(['a', 'b', 'c']);
  });

  it('wait again when somebody comes back in between, and while a turn is not given back', async () => {
    const came = { ...paces, measure: (one: Method) => look().then(() => measured.push(one.id)) };
    new IdleMeasuring({ catalogue: { all }, paces: came, queue }).begin();
    await vi.advanceTimersByTimeAsync(3000);
    expect(measured).toEqual(['a']);
    const end = await queue.turn({ priority: 'job', client: 'page' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(measured).toEqual(['a']);
    end();
    await vi.advanceTimersByTimeAsync(3000);
    expect(measured).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(3000);
    expect(measured).toEqual(['a', 'b', 'c']);
  });
});
