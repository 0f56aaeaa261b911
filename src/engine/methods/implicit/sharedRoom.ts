import type { Cells } from '../../pixels/cells';

/** More would only lie about: what is given back is written over by what is made next. */
const USUAL_FREE_BYTES = 64 * 2 ** 20;

/**
 * Memory that the workers of pixels read where it lies. What a worker was told of it may hold until it collects its
 * garbage, which is seldom, and the collector does not see how much that is. So none of it is left to the collector: who
 * uses it is counted, and once nobody does the next of its length is written over it.
 */
export class SharedRoom {
  private readonly users = new Map<ArrayBufferLike, number>();
  private readonly free: SharedArrayBuffer[] = [];
  private freeBytes = 0;

  constructor(private readonly mostFree = USUAL_FREE_BYTES) {}

  /** So many numbers, whatever they are; nobody's until they are used. */
  take(length: number): Int16Array {
    const bytes = length * Int16Array.BYTES_PER_ELEMENT;
    const found = this.free.findIndex(({ byteLength }) => byteLength === bytes);
    const [known] = found < 0 ? [] : this.free.splice(found, 1);
    if (known) this.freeBytes -= bytes;
    const buffer = known ?? new SharedArrayBuffer(bytes);
    this.users.set(buffer, 0);
    return new Int16Array(buffer);
  }

  /** One more uses these numbers; of memory that is not the room's there is nothing to count. */
  use({ buffer }: Int16Array): void {
    const users = this.users.get(buffer);
    if (users !== undefined) this.users.set(buffer, users + 1);
  }

  /** One less. */
  release({ buffer }: Int16Array): void {
    const users = this.users.get(buffer);
    if (users === undefined) return;
    if (users > 1) {
      this.users.set(buffer, users - 1);
      return;
    }
    this.users.delete(buffer);
    this.free.push(buffer as SharedArrayBuffer);
    this.freeBytes += buffer.byteLength;
    while (this.freeBytes > this.mostFree) this.freeBytes -= this.free.shift()!.byteLength;
  }

  /** Keeps nothing that nobody uses. */
  clear(): void {
    this.free.length = 0;
    this.freeBytes = 0;
  }
}

/** What one piece of work uses at the same time; it ends with it. */
export class Lease {
  private readonly used = new Set<Int16Array>();

  constructor(private readonly room: SharedRoom) {}

  use({ values }: Cells): void {
    if (this.used.has(values)) return;
    this.used.add(values);
    this.room.use(values);
  }

  end(): void {
    for (const values of this.used) this.room.release(values);
    this.used.clear();
  }
}
