import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { MethodOrigin } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import type { Manifest } from '../../shared/manifest';
import type { Method } from './method';
import type { LoadedModel } from './modelFolder';

/** A method as the catalogue holds it; another object once its folder was changed. */
export interface CatalogueEntry {
  readonly method: Method;
  readonly origin: MethodOrigin;
  /** Where a model of the user's own comes from, in its maker's words; null where nothing was said. */
  readonly source: string | null;
  /** SHA-256 of every file that it runs. */
  readonly files: readonly string[];
  /** Where its model lies, and what that says of itself; undefined where it is only code. */
  readonly model?: { readonly folder: string; readonly manifest: Manifest };
}

export const entryOf = (
  { method, manifest, files }: LoadedModel,
  origin: MethodOrigin,
  folder: string,
): CatalogueEntry => ({
  method,
  origin,
  source: manifest.source ?? null,
  files,
  model: { folder, manifest },
});

export interface ModelsFolderParts {
  /** How sentences call the folder. */
  readonly label: string;
  /** Makes the method of a folder; throws where it is not a valid one. */
  readonly load: (folder: string, name: string) => Promise<CatalogueEntry>;
  /** Told of each folder that is left out, once for each state of it. */
  readonly leftOut: (sentence: string) => void;
}

/** Why a folder is no model, in a sentence. */
function whyOf(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return error instanceof Error ? error.message : String(error);
  const found = code === 'ENOENT' ? 'found none' : `found one that cannot be read (${code})`;
  return `Expected ${basename(path)} in it, ${found}; put the file there, or remove the folder.`;
}

interface ReadFolder {
  /** Another one after any change of the folder's files. */
  readonly stamp: string;
  readonly entry: CatalogueEntry | undefined;
}

/** The names of the folders in a folder, sorted; undefined where it cannot be read as one. */
async function foldersIn(path: string): Promise<string[] | undefined> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  return entries
    ?.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

/** Names, sizes and times of a folder's files: cheap to take, and another one once any of them was changed. */
async function stampOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  const stamps = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs, ino } = await stat(join(folder, name));
      return `${name} ${size} ${mtimeMs} ${ino}`;
    }),
  );
  return stamps.join('\n');
}

/** Two readings of one folder that differ in nothing that anybody could see. */
const isSame = (a: CatalogueEntry | undefined, b: CatalogueEntry): boolean =>
  a !== undefined && JSON.stringify([a.method.card, a.source]) === JSON.stringify([b.method.card, b.source]);

/**
 * A folder of model folders that can be read again and again: what did not change is not loaded again and stays
 * the same object. Folders whose names begin with a dot are being written or removed, and are not looked at.
 */
export class ModelsFolder {
  private folders = new Map<string, ReadFolder>();

  constructor(
    readonly path: string,
    private readonly parts: ModelsFolderParts,
  ) {}

  /** Its methods in the order of their names; undefined where the folder is not there. */
  async read(): Promise<CatalogueEntry[] | undefined> {
    const names = await foldersIn(this.path);
    const folders = new Map<string, ReadFolder>();
    for (const name of names ?? []) folders.set(name, await this.readOne(name));
    this.folders = folders;
    return names && [...folders.values()].flatMap(({ entry }) => entry ?? []);
  }

  /** There was no folder in it, when it was last read. */
  get isEmpty(): boolean {
    return this.folders.size === 0;
  }

  private async readOne(name: string): Promise<ReadFolder> {
    const known = this.folders.get(name);
    const folder = join(this.path, name);
    const stamp = await stampOf(folder).catch(() => 'unreadable');
    if (known?.stamp === stamp) return known;
    try {
      const entry = await this.parts.load(folder, name);
      return { stamp, entry: isSame(known?.entry, entry) ? known!.entry : entry };
    } catch (error) {
      const why = whyOf(error);
      this.parts.leftOut(`The method in ${join(this.parts.label, name)} was left out: ${why}`);
      return { stamp, entry: undefined };
    }
  }
}

/** Throws where a model of the user's would take the place of a method that comes with Enlarger. */
export function expectOwnId(id: string, bundled: ReadonlySet<string>): void {
  if (!bundled.has(id)) return;
  throw new FaultError(
    'bad-model',
    `Expected a name of its own for this model, received ${id}, which comes with Enlarger and is never replaced; ` +
      'choose another name, and give the folder and the id in its manifest that name.',
  );
}
