import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import type { RecentFile } from '../shared/contract';
import { readKept, writeKept } from './keptFile';

const RECENT_MAX = 20;

const entrySchema = v.object({
  path: v.pipe(v.string(), v.minLength(1)),
  kind: v.picklist(['photo', 'document']),
});
const recentSchema = v.object({ version: v.literal(1), files: v.array(entrySchema) });
type Entry = v.InferOutput<typeof entrySchema>;

/** What a page calls a file: it says nothing of the path, and is the same after a start of the app. */
const idOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 32);

/** What was opened or saved lately, the latest first, across starts of the app. A page has ids of it, never paths. */
export class RecentFiles {
  private entries: Entry[];

  constructor(private readonly file: string) {
    this.entries = readKept(file, recentSchema, { version: 1, files: [] }).files;
  }

  /** Those that are there. */
  list(): RecentFile[] {
    return this.entries
      .filter(({ path }) => existsSync(path))
      .map(({ path, kind }) => ({
        id: idOf(path),
        kind,
        name: basename(path),
        folder: basename(dirname(path)),
      }));
  }

  find(id: string): Entry | undefined {
    return this.entries.find(({ path }) => idOf(path) === id);
  }

  /** Puts a file first; gives its id. */
  note(path: string, kind: Entry['kind']): string {
    this.entries = [{ path, kind }, ...this.entries.filter((one) => one.path !== path)].slice(0, RECENT_MAX);
    this.write();
    return idOf(path);
  }

  clear(): void {
    this.entries = [];
    this.write();
  }

  private write(): void {
    const text = JSON.stringify({ version: 1, files: this.entries });
    writeKept(this.file, text, 'What was opened lately');
  }
}
