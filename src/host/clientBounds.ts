/** What one page may ask of the host and leave lying; the real page stays far below all of it. */
export interface Bounds {
  /** Calls in a row, and how many come back each second. */
  readonly callsAtOnce: number;
  readonly callsPerSecond: number;
  /** Calls that wait for their answer. */
  readonly callsWaiting: number;
  /** Tiles that the engine may still send. */
  readonly creditTiles: number;
  /** What was sent and not yet taken. */
  readonly unreadBytes: number;
  readonly uploads: number;
}

export const BOUNDS: Bounds = {
  callsAtOnce: 2000,
  callsPerSecond: 500,
  callsWaiting: 1024,
  creditTiles: 1024,
  unreadBytes: 256 * 2 ** 20,
  uploads: 32,
};

/**
 * Counts what one page does. Each function gives the reason to close the page, or undefined. A page that does
 * not read, or asks without end, so costs itself its connection and nobody else their memory.
 */
export class ClientBounds {
  private calls: number;
  private countedAt: number;
  private waiting = 0;
  private credit = 0;

  constructor(
    private readonly bounds: Bounds = BOUNDS,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.calls = bounds.callsAtOnce;
    this.countedAt = now();
  }

  /** A call came. */
  called(): string | undefined {
    const { callsAtOnce, callsPerSecond, callsWaiting } = this.bounds;
    const now = this.now();
    const back = ((now - this.countedAt) / 1000) * callsPerSecond;
    this.countedAt = now;
    this.calls = Math.min(callsAtOnce, this.calls + back) - 1;
    this.waiting += 1;
    if (this.calls < 0) return 'too many calls a second';
    return this.waiting > callsWaiting ? 'too many calls without an answer' : undefined;
  }

  /** A call was answered. */
  answered(): void {
    this.waiting -= 1;
  }

  /** The page granted credit for tiles. */
  granted(tiles: number): string | undefined {
    this.credit += tiles;
    return this.credit > this.bounds.creditTiles ? 'more credit than a page can show' : undefined;
  }

  /** A tile was sent on credit. */
  sentTile(): void {
    this.credit = Math.max(0, this.credit - 1);
  }

  /** The page gave its credit up. */
  closedView(): void {
    this.credit = 0;
  }

  /** So many bytes lie sent and unread. */
  unread(bytes: number): string | undefined {
    return bytes > this.bounds.unreadBytes ? 'it does not read what it is sent' : undefined;
  }
}
