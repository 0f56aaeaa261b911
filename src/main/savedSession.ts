import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { snapshotSchema } from '../shared/contract';
import { FaultError } from '../shared/faults';
import type { PageSnapshot } from '../shared/link/pageDoor';
import { bookedPhotoSchema, PhotoBook } from '../shared/link/photoBook';
import { readKept, reportNotKept, writeKept } from './keptFile';

/** The file's form; another version is taken for none. */
const savedSessionSchema = v.object({
  version: v.literal(1),
  snapshot: v.nullable(snapshotSchema),
  photos: v.array(bookedPhotoSchema),
});
type SavedSessionFile = v.InferOutput<typeof savedSessionSchema>;

const NOTHING: SavedSessionFile = { version: 1, snapshot: null, photos: [] };
const WHAT = 'The session';

/**
 * What the window was working on, across starts of the app: the page's last snapshot and the photos behind its
 * tokens, in one file that is written whole or not at all.
 */
export class SavedSession implements PageSnapshot {
  readonly photos: PhotoBook;
  private snapshot: unknown;
  private isChanged = false;
  private writing: Promise<boolean> | undefined;

  constructor(private readonly path: string) {
    const { snapshot, photos } = readKept(path, savedSessionSchema, NOTHING);
    this.snapshot = snapshot;
    this.photos = new PhotoBook(photos, () => void this.save());
  }

  read(): unknown {
    return this.snapshot;
  }

  /** Throws `output-unwritable` where it could not be written; the app keeps it as long as it runs. */
  async write(snapshot: unknown): Promise<void> {
    this.snapshot = snapshot;
    if (await this.save()) return;
    throw new FaultError(
      'output-unwritable',
      `Expected to be able to write what is open to ${this.path}, but could not; make room there, or let its folder be written.`,
      { file: this.path },
    );
  }

  /** At the app's end, which waits for nobody: writes what is not written yet. */
  flush(): void {
    if (!this.isChanged && !this.writing) return;
    this.isChanged = false;
    writeKept(this.path, this.text(), WHAT, '.last'); // a save that is under way has the other name
  }

  /** Whether the state of now, or a later one, is on the disk. */
  private save(): Promise<boolean> {
    this.isChanged = true;
    this.writing ??= this.drain().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async drain(): Promise<boolean> {
    let isWritten = true;
    while (this.isChanged) {
      this.isChanged = false;
      isWritten = true;
      try {
        await mkdir(dirname(this.path), { recursive: true });
        await writeFile(`${this.path}.new`, this.text(), { mode: 0o600 });
        await rename(`${this.path}.new`, this.path);
      } catch (error) {
        isWritten = false;
        reportNotKept(this.path, WHAT, error);
      }
    }
    return isWritten;
  }

  private text(): string {
    const file: SavedSessionFile = { version: 1, snapshot: this.snapshot, photos: this.photos.all };
    return JSON.stringify(file);
  }
}
