interface Held<T> {
  readonly value: T;
  readonly bytes: number;
}

/**
 * Values by their keys within a number of bytes; the longest unused go first once there are too many, of those that can
 * be spared before all others.
 */
export class ByteCache<T> {
  /** Both in order of last use, the longest unused first. */
  private readonly spare = new Map<string, Held<T>>();
  private readonly held = new Map<string, Held<T>>();
  private sum = 0;

  /** `bytesOf` tells what a value takes, the same each time; `onDropped` hears of each that is held no longer. */
  constructor(
    private readonly budgetBytes: number,
    private readonly bytesOf: (value: T) => number,
    private readonly onDropped: (value: T) => void = () => undefined,
  ) {}

  /** Bytes held at the moment, at most the budget. */
  get bytes(): number {
    return this.sum;
  }

  get(key: string): T | undefined {
    for (const among of [this.held, this.spare]) {
      const found = among.get(key);
      if (!found) continue;
      among.delete(key);
      among.set(key, found);
      return found.value;
    }
    return undefined;
  }

  /** Holds a value in place of one that had this key; one larger than the whole budget is not held. */
  put(key: string, value: T): void {
    this.hold(this.held, key, value);
  }

  /** The same of a value that is held only while nothing else wants its room. */
  putSpare(key: string, value: T): void {
    this.hold(this.spare, key, value);
  }

  /** Forgets all whose key begins so. */
  forget(prefix: string): void {
    for (const key of [...this.spare.keys(), ...this.held.keys()]) if (key.startsWith(prefix)) this.drop(key);
  }

  clear(): void {
    this.forget('');
  }

  private hold(among: Map<string, Held<T>>, key: string, value: T): void {
    this.drop(key);
    const bytes = this.bytesOf(value);
    among.set(key, { value, bytes });
    this.sum += bytes;
    for (const map of [this.spare, this.held]) {
      for (const oldest of map.keys()) {
        if (this.sum <= this.budgetBytes) return;
        this.drop(oldest);
      }
    }
  }

  private drop(key: string): void {
    for (const among of [this.spare, this.held]) {
      const found = among.get(key);
      if (!found) continue;
      this.sum -= found.bytes;
      among.delete(key);
      this.onDropped(found.value);
    }
  }
}
