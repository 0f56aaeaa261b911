/** One piece of work at a time, in the order in which it was asked for; one that fails does not stop the next. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Does `work` when all that was asked for before has ended; settles as it does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const run = this.last.then(work);
    this.last = run.catch(() => undefined);
    return run;
  }
}
