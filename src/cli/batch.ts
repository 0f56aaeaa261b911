/**
 * Runs items with at most two in flight, so that one is read or written while its neighbour computes, and
 * yields their results in order. A result for which `lost` holds fell with its neighbour (the engine died
 * under both): such an item is run once more, alone, so that only the one at fault fails.
 * After an abort nothing new is started; what is in flight is waited for and yielded.
 */
export async function* runInOrder<T, R>(
  items: readonly T[],
  run: (item: T, at: number) => Promise<R>,
  lost: (result: R) => boolean,
  signal: AbortSignal,
): AsyncGenerator<R> {
  const started: (Promise<R> | undefined)[] = [];
  const start = (at: number): void => {
    const item = items[at];
    if (item !== undefined && !signal.aborted) started[at] ??= run(item, at);
  };
  for (const [at, item] of items.entries()) {
    start(at);
    start(at + 1);
    const first = await started[at];
    if (first === undefined) return;
    if (lost(first) && !signal.aborted) {
      await started[at + 1];
      yield await run(item, at);
    } else {
      yield first;
    }
  }
}
