/** What one page has asked its door to begin and has not begun yet, by whichever of its connections. */
export class Ordering {
  private readonly underWay = new Set<Promise<unknown>>();

  /** Counts as being ordered until it is settled. */
  async during<T>(ordering: Promise<T>): Promise<T> {
    this.underWay.add(ordering);
    try {
      return await ordering;
    } finally {
      this.underWay.delete(ordering);
    }
  }

  get isUnderWay(): boolean {
    return this.underWay.size > 0;
  }

  /** Resolves once nothing is being ordered. Never rejects. */
  async rest(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }
}
