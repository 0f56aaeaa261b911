import { unlessAborted } from '../schedule/unlessAborted';

/** Where what was made is kept, as long as there is room. */
export interface Kept<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
}

/**
 * What is made once and asked for by many, such as tiles that a network makes whole or not at all, because their pixels
 * depend on the tile: a rectangle needs all that it touches, and its neighbours need them again. Nothing is made twice at
 * the same time either.
 */
export class MadeOnce<T> {
  private readonly underWay = new Map<string, Promise<T>>();

  constructor(private readonly kept: Kept<T>) {}

  /** What has this key: what is kept, or what `make` gives, which is then kept. `signal`: of the wait for others. */
  async of(key: string, make: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (;;) {
      const kept = this.kept.get(key);
      if (kept) return kept;
      const other = this.underWay.get(key);
      if (!other) break;
      // Where another caller failed or was stopped, this one makes it.
      await unlessAborted(
        other.catch(() => undefined),
        signal,
      );
      signal?.throwIfAborted();
    }
    const making = make();
    this.underWay.set(key, making);
    try {
      const made = await making;
      this.kept.put(key, made);
      return made;
    } finally {
      this.underWay.delete(key);
    }
  }
}
