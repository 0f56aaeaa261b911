/**
 * How far one enlargement is, in runs of its network: whoever makes it says how many there will be and what of them
 * is done. One that is halved because memory was short may need more than it expected.
 */
export class RunCount {
  private expected = 0;
  private done = 0;

  /** `tell` hears how much of all that is expected is done, 0 to 1. */
  constructor(private readonly tell: (share: number) => void) {}

  /** So many runs more will be needed; below 0: fewer. */
  expect(runs: number): void {
    this.expected += runs;
  }

  /** So many of them are done, or were not needed. */
  ran(runs = 1): void {
    this.done += runs;
    this.tell(Math.min(1, this.done / Math.max(this.done, this.expected)));
  }
}
