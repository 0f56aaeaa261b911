/** Values by their keys within a number of bytes; the longest unused go first once there are too many. */
export class ByteCache<T> {
  /** In order of last use, the longest unused first. */
  private readonly held = new Map<string, { readonly value: T; readonly bytes: number }>();
  private sum = 0;

  /** `bytesOf` tells what a value takes, the same each time. */
  constructor(
    private readonly budgetBytes: number,
    private readonly bytesOf: (value: T) => number,
  ) {}

  /** Bytes held at the moment, at most the budget. */
  get bytes(): number {
    return this.sum;
  }

  get(key: string): T | undefined {
    const found = this.held.get(key);
    if (!found) return undefined;
    this.held.delete(key);
    this.held.set(key, found);
    return found.value;
  }

  /** Holds a value in place of one that had this key; one larger than the whole budget is not held. */
  put(key: string, value: T): void {
    this.drop(key);
    const bytes = this.bytesOf(value);
    this.held.set(key, { value, bytes });
    this.sum += bytes;
    for (const oldest of this.held.keys()) {
      if (this.sum <= this.budgetBytes) break;
      this.drop(oldest);
    }
  }

  /** Forgets all whose key begins so. */
  forget(prefix: string): void {
    for (const key of [...this.held.keys()]) if (key.startsWith(prefix)) this.drop(key);
  }

  clear(): void {
    this.held.clear();
    this.sum = 0;
  }

  private drop(key: string): void {
    this.sum -= this.held.get(key)?.bytes ?? 0;
    this.held.delete(key);
  }
}
