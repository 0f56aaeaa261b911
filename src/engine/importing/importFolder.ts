import { copyFile, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readBy } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { manifestSchema, type Manifest } from '../../shared/manifest';
import type { Catalogue } from '../methods/catalogue';
import { filesOf } from '../methods/methodSum';
import { writeDraft, writeManifest } from '../methods/userModels';

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function manifestIn(folder: string): Promise<Manifest> {
  const name = basename(folder);
  try {
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    return readBy(manifestSchema, JSON.parse(text), 'manifest');
  } catch (error) {
    throw new FaultError(
      'bad-model',
      `Expected a folder that "enlarger methods export" wrote, but ${name} has no manifest.json that can be read.`,
      { file: name, detail: String(error) },
    );
  }
}

/** Throws `output-exists` where a method has the id already; `model`: what the user calls what is imported. */
export function expectNewId(
  catalogue: Pick<Catalogue, 'list'>,
  id: string,
  model: string,
  file: string,
): void {
  if (!catalogue.list.some(({ method }) => method.id === id)) return;
  throw new FaultError(
    'output-exists',
    `Expected a new name for ${model}, but there is a method ${id} already; give it another one (in the terminal: --name).`,
    { file },
  );
}

/**
 * Takes a model over that Enlarger itself exported, with all that is known of it. Every file's sum is checked as it
 * is loaded. A method that has the id already is never replaced; `name` gives it another one.
 */
export async function importFolder(
  { path, name }: { readonly path: string; readonly name?: string | undefined },
  keep: boolean,
  catalogue: Catalogue,
): Promise<{ id: string; findings: null }> {
  const found = await manifestIn(path);
  const id = name === undefined ? found.id : idOf(name);
  expectNewId(catalogue, id, basename(path), path);
  const draft = await catalogue.draft();
  try {
    const files = new Set(filesOf(found).map(({ file }) => file));
    for (const file of files) {
      const content = await readFile(join(path, file)).catch((error: unknown) => {
        throw new FaultError(
          'bad-model',
          `Expected ${file} in ${basename(path)}, but it cannot be read; export it again.`,
          { file, detail: String(error) },
        );
      });
      await writeDraft(draft, file, content);
    }
    await copyFile(join(path, 'card.md'), join(draft, 'card.md')).catch(() => undefined); // words beside it
    const manifest: Manifest = { ...found, id, name: name ?? found.name, origin: found.origin ?? 'imported' };
    await writeManifest(draft, manifest);
    await catalogue.loadDraft(draft, id);
    if (keep) await catalogue.install(draft, id);
    return { id, findings: null };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The id of a name: lower case letters and digits, with dashes between. */
export function idOf(name: string): string {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return id === '' ? 'imported' : id;
}
