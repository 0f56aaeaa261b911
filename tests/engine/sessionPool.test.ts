import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Network, Runtime } from '../../src/engine/runtime/runtime';
import { SessionPool } from '../../src/engine/runtime/sessionPool';
import { FakeRuntime, fakeModel } from './fakeRuntime';

const nothing = (): Promise<void> => Promise.resolve();

describe('the session pool', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('loads a model once for all who use it at a time and after one another', async () => {
    const runtime = new FakeRuntime();
    const pool = new SessionPool(runtime);
    await Promise.all([pool.use(fakeModel(), 'cpu', nothing), pool.use(fakeModel(), 'cpu', nothing)]);
    await pool.use(fakeModel(), 'cpu', nothing);
    expect(runtime.opened).toEqual(['fake on cpu']);
  });

  it('releases what is idle for long, not what is used', async () => {
    const runtime = new FakeRuntime();
    const pool = new SessionPool(runtime, { idleSeconds: 60 });
    let finish = (): void => undefined;
    const busy = pool.use(fakeModel('busy'), 'cpu', () => new Promise<void>((end) => (finish = end)));
    await pool.use(fakeModel('idle'), 'cpu', nothing);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(runtime.released).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(runtime.released).toEqual(['idle on cpu']);
    finish();
    await busy;
    await vi.advanceTimersByTimeAsync(61_000);
    expect(runtime.released).toEqual(['idle on cpu', 'busy on cpu']);
    expect(pool.loaded).toBe(0);
  });

  it('keeps what could not be loaded again until nobody needs it, however long it idles', async () => {
    const runtime = new FakeRuntime();
    const pool = new SessionPool(runtime, { idleSeconds: 60, budgetBytes: 100 * 2 ** 20 });
    await pool.use(fakeModel('gone'), 'cpu', nothing);
    let finish = (): void => undefined;
    const unused = new Promise<void>((end) => (finish = end));
    const retired = pool.retire(new Set(['gone']), unused);
    await vi.advanceTimersByTimeAsync(600_000);
    await pool.use(fakeModel('other'), 'cpu', nothing);
    pool.releaseIdle();
    await pool.use(fakeModel('gone'), 'cpu', nothing);
    expect(runtime.opened).toEqual(['gone on cpu', 'other on cpu']);
    finish();
    await retired;
    await vi.advanceTimersByTimeAsync(0);
    expect(runtime.released).toEqual(['other on cpu', 'gone on cpu']);
    expect(pool.loaded).toBe(0);
  });

  it('releases the longest unused when all together are too large', async () => {
    const runtime = new FakeRuntime();
    const megabytes = 200 * 2 ** 20;
    const pool = new SessionPool(runtime, { budgetBytes: 1000 * 2 ** 20 });
    for (const name of ['a', 'b', 'a', 'c']) await pool.use(fakeModel(name, megabytes), 'cpu', nothing);
    await vi.advanceTimersByTimeAsync(0);
    expect(runtime.released).toEqual(['b on cpu']);
  });

  it('forgets a load that failed, so that the next try is a new one', async () => {
    let opens = 0;
    const network: Network = {
      inputs: [],
      outputs: [],
      release: nothing,
      run: (input) => Promise.resolve(input),
      evaluate: () => Promise.resolve(new Map()),
    };
    const runtime: Runtime = {
      version: 'fake',
      devices: ['cpu'],
      probe: nothing,
      open: () => (++opens === 1 ? Promise.reject(new Error('busy')) : Promise.resolve(network)),
    };
    const pool = new SessionPool(runtime);
    await expect(pool.use(fakeModel(), 'cpu', nothing)).rejects.toThrow('busy');
    await pool.use(fakeModel(), 'cpu', nothing);
    expect(opens).toBe(2);
  });
});
