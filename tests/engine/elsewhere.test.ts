import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Elsewhere } from '../../src/engine/jobs/elsewhere';

describe('jobs that another engine works on', () => {
  let held: Set<string>;
  let asked: number;
  let changes: number;
  let elsewhere: Elsewhere;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    held = new Set(['a', 'b']);
    asked = changes = 0;
    const isHeld = (job: string): Promise<boolean> => {
      asked += 1;
      return Promise.resolve(held.has(job));
    };
    elsewhere = new Elsewhere({ isHeld, changed: () => (changes += 1) }, 10);
  });
  afterEach(() => void vi.useRealTimers());

  it('are looked at as long as there are any, and the end of each is told once', async () => {
    elsewhere.listed(['a', 'b']);
    await vi.advanceTimersByTimeAsync(30);
    expect([asked, changes]).toEqual([6, 0]);
    held.delete('a');
    await vi.advanceTimersByTimeAsync(20);
    expect([asked, changes]).toEqual([9, 1]);
    held.clear();
    await vi.advanceTimersByTimeAsync(50);
    expect([asked, changes]).toEqual([10, 2]);
  });

  it('are those of the latest list', async () => {
    elsewhere.listed(['a']);
    elsewhere.listed([]);
    await vi.advanceTimersByTimeAsync(50);
    expect(asked).toBe(0);
  });
});
