import { stat } from 'node:fs/promises';

/** A file is taken for whole when it has not changed for so long: while it is copied its length or date does. */
export const QUIET_MS = 2000;

interface Observation {
  readonly stamp: string;
  readonly since: number;
}

/** The length and dates of a file; undefined where it is gone. */
async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? `${found.size} ${found.mtimeMs} ${found.ctimeMs}` : undefined;
}

/** Files that come into a folder: which of them are whole, and which have been dealt with. */
export class Arrivals<T extends { readonly path: string }> {
  private readonly observed = new Map<string, Observation>();
  /** By path: as what the file was dealt with, or "done" whatever becomes of it. */
  private readonly taken = new Map<string, string>();

  constructor(private readonly stampAt: (path: string) => Promise<string | undefined> = stampOf) {}

  /** Those of `files`, as they are in the folder at `now` (milliseconds), that are whole and new. */
  async ready(files: readonly T[], now: number): Promise<T[]> {
    const ready: T[] = [];
    for (const file of files) {
      const taken = this.taken.get(file.path);
      if (taken === 'done') continue;
      const stamp = await this.stampAt(file.path);
      if (stamp === undefined || stamp === taken || stamp.startsWith('0 ')) continue;
      const before = this.observed.get(file.path);
      if (before?.stamp !== stamp) this.observed.set(file.path, { stamp, since: now });
      else if (now - before.since >= QUIET_MS) ready.push(file);
    }
    return ready;
  }

  /** A file was dealt with; where that failed, it is ready once more when it has changed. */
  settle(path: string, failed: boolean): void {
    this.taken.set(path, failed ? (this.observed.get(path)?.stamp ?? '') : 'done');
    this.observed.delete(path);
  }
}
