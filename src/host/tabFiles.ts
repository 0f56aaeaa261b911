import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as v from 'valibot';
import { snapshotSchema } from '../shared/contract';
import { bookedPhotoSchema, type BookedPhoto } from '../shared/link/photoBook';
import { LatestFile } from '../privateFolders/latestFile';
import { Tab } from './tab';

/** The file's form; another version is taken for none. */
const tabFileSchema = v.object({
  version: v.literal(1),
  /** The host's folder, in which what the page sent lies. */
  folder: v.pipe(v.string(), v.minLength(1)),
  secret: v.pipe(v.string(), v.minLength(1)),
  snapshot: v.nullable(snapshotSchema),
  photos: v.array(bookedPhotoSchema),
});
type TabFile = v.InferOutput<typeof tabFileSchema>;

/** Beside what the pages send, and hidden from it. */
const NAME = /^\.tab-[\w-]+$/;

/** A photo whose file was in one folder and is in another. */
function moved(photo: BookedPhoto, from: string, to: string): BookedPhoto {
  const { source } = photo;
  if (source.kind !== 'file' || !source.temporary) return photo;
  return { ...photo, source: { ...source, path: join(to, relative(from, source.path)) } };
}

/** Tabs as files in the host's folder: what a host that was killed had of them, the next one has. */
export class TabFiles {
  private isClosed = false;
  private readonly files = new Map<Tab, { readonly path: string; readonly file: LatestFile }>();

  constructor(
    private readonly folder: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** A tab that is written down with every change; `from`: what it had before. */
  make(from?: Pick<TabFile, 'secret' | 'snapshot' | 'photos'>): Tab {
    const tab: Tab = new Tab(() => void (this.isClosed || file.save()), from);
    const path = join(this.folder, `.tab-${randomUUID()}`);
    const file = new LatestFile({ path, text: () => this.text(tab), failed: this.failed });
    this.files.set(tab, { path, file });
    return tab;
  }

  /** A tab is over. */
  async remove(tab: Tab): Promise<void> {
    const known = this.files.get(tab);
    this.files.delete(tab);
    if (!known) return;
    known.file.takeOver();
    await known.file.rest();
    await rm(known.path, { force: true, maxRetries: 3 });
  }

  /** The host ends: resolves once nothing is written any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    const all = [...this.files.values()].map(({ file }) => file);
    for (const file of all) file.takeOver();
    await Promise.all(all.map((file) => file.rest()));
  }

  /**
   * The tabs of a killed host whose folder is at `place` now, written down here; the one that changed last is the last.
   * What belongs to none of them and is not `kept` is deleted.
   */
  async inherit(place: string, kept: readonly string[]): Promise<Tab[]> {
    const found = await this.readAll(place);
    const tabs = found.map(({ folder, photos, ...rest }) =>
      this.make({ ...rest, photos: photos.map((photo) => moved(photo, folder, place)) }),
    );
    await Promise.all(tabs.map((tab) => this.files.get(tab)!.file.save()));
    const used = new Set([
      ...kept,
      ...tabs.flatMap(({ photos }) =>
        photos.all.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : [])),
      ),
    ]);
    const entries = await readdir(place, { withFileTypes: true, recursive: true });
    const spent = entries
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => !used.has(path));
    await Promise.all(spent.map((path) => rm(path, { force: true, maxRetries: 3 })));
    return tabs;
  }

  private async readAll(place: string): Promise<TabFile[]> {
    const names = (await readdir(place)).filter((name) => NAME.test(name));
    const read = await Promise.all(
      names.map(async (name) => {
        const path = join(place, name);
        const { mtimeMs } = await stat(path);
        try {
          const parsed = v.safeParse(tabFileSchema, JSON.parse(await readFile(path, 'utf8')));
          return parsed.success ? [{ tab: parsed.output, mtimeMs }] : [];
        } catch {
          return []; // damaged: its photos cannot be found again
        }
      }),
    );
    return read
      .flat()
      .sort((a, b) => a.mtimeMs - b.mtimeMs)
      .map(({ tab }) => tab);
  }

  private text(tab: Tab): string {
    const file: TabFile = {
      version: 1,
      folder: this.folder,
      secret: tab.secret,
      snapshot: tab.read() ?? null,
      photos: tab.photos.all,
    };
    return JSON.stringify(file);
  }
}
