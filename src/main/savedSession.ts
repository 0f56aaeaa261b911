import * as v from 'valibot';
import { snapshotSchema } from '../shared/contract';
import { FaultError } from '../shared/faults';
import { Ordering } from '../shared/link/ordering';
import type { PageSnapshot } from '../shared/link/pageDoor';
import { bookedPhotoSchema, PhotoBook } from '../shared/link/photoBook';
import { LatestFile } from '../privateFolders/latestFile';
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
  readonly ordering = new Ordering();
  private snapshot: unknown;
  private readonly file: LatestFile;

  constructor(private readonly path: string) {
    const { snapshot, photos } = readKept(path, savedSessionSchema, NOTHING);
    this.snapshot = snapshot;
    this.file = new LatestFile({
      path,
      text: () => this.text(),
      failed: (error) => reportNotKept(path, WHAT, error),
    });
    this.photos = new PhotoBook(photos, () => void this.file.save());
  }

  read(): unknown {
    return this.snapshot;
  }

  /** Throws `output-unwritable` where it could not be written; the app keeps it as long as it runs. */
  async write(snapshot: unknown): Promise<void> {
    this.snapshot = snapshot;
    if (await this.file.save()) return;
    throw new FaultError(
      'output-unwritable',
      `Expected to be able to write what is open to ${this.path}, but could not; make room there, or let its folder be written.`,
      { file: this.path },
    );
  }

  /** At the app's end, which waits for nobody: writes what is not written yet. */
  flush(): void {
    if (!this.file.takeOver()) return;
    writeKept(this.path, this.text(), WHAT, '.last'); // a save that is under way has the other name
  }

  private text(): string {
    const file: SavedSessionFile = { version: 1, snapshot: this.snapshot, photos: this.photos.all };
    return JSON.stringify(file);
  }
}
