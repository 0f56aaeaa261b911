import { expect, it } from 'vitest';
import { runInOrder } from '../../src/cli/batch';

interface Gate<T> {
  readonly promise: Promise<T>;
  open(value: T): void;
}
function gate<T>(): Gate<T> {
  let open!: (value: T) => void;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

const never = new AbortController().signal;
const keepAll = (): boolean => false;

it('keeps two in flight and yields in order', async () => {
  const gates = [gate<string>(), gate<string>(), gate<string>()];
  const begun: number[] = [];
  const run = (_: string, at: number): Promise<string> => {
    begun.push(at);
    return gates[at]!.promise;
  };
  const results = runInOrder(['a', 'b', 'c'], run, keepAll, never);
  const first = results.next();
  expect(begun).toEqual([0, 1]);
  gates[1]!.open('B');
  gates[0]!.open('A');
  expect((await first).value).toBe('A');
  const second = results.next();
  expect((await second).value).toBe('B');
  expect(begun).toEqual([0, 1, 2]);
  gates[2]!.open('C');
  expect((await results.next()).value).toBe('C');
  expect((await results.next()).done).toBe(true);
});

it('runs what fell with its neighbour once more, alone', async () => {
  let running = 0;
  const runs: string[] = [];
  let engineDied = false;
  const run = async (item: string): Promise<string> => {
    running += 1;
    runs.push(`${item}${running}`);
    await Promise.resolve();
    const lost = item === 'poison' || (runs.length <= 2 && !engineDied);
    running -= 1;
    return lost ? 'lost' : item;
  };
  const results: string[] = [];
  for await (const result of runInOrder(['poison', 'good', 'last'], run, (r) => r === 'lost', never)) {
    engineDied = true;
    results.push(result);
  }
  expect(results).toEqual(['lost', 'good', 'last']);
});

it('starts nothing new after an abort, and yields what was in flight', async () => {
  const stop = new AbortController();
  const begun: string[] = [];
  const run = (item: string): Promise<string> => {
    begun.push(item);
    if (item === 'a') stop.abort();
    return Promise.resolve(item);
  };
  const results: string[] = [];
  for await (const result of runInOrder(['a', 'b', 'c'], run, keepAll, stop.signal)) results.push(result);
  expect(results).toEqual(['a']);
  expect(begun).toEqual(['a']);
});
