import { copyFile, cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { Catalogue } from './catalogue';
import { filesOf } from './methodSum';
import type { CatalogueEntry } from './modelsFolder';
import { writeManifest } from './userModels';

type Model = NonNullable<CatalogueEntry['model']>;

/** A model of the user's own; throws `bad-option` for what comes with Enlarger. */
function ownModel(catalogue: Catalogue, id: string, what: string): Model {
  const { model, origin } = catalogue.entry(id);
  if (model && origin !== 'bundled') return model;
  throw new FaultError(
    'bad-option',
    `Expected a model of your own to ${what}, received ${id}, which comes with Enlarger.`,
  );
}

/** Copies what a model is made of, and nothing else that may lie in its folder. */
async function copyModel({ folder, manifest }: Model, into: string): Promise<void> {
  const own = filesOf(manifest).map(({ file }) => file);
  for (const name of ['manifest.json', ...new Set(own)]) await copyFile(join(folder, name), join(into, name));
  await cp(join(folder, 'card.md'), join(into, 'card.md')).catch(() => undefined); // words beside it, not needed
}

/** Calls a model of the user's own something else; its id and its files stay. */
export async function renameModel(catalogue: Catalogue, id: string, name: string): Promise<void> {
  const model = ownModel(catalogue, id, 'rename');
  const draft = await catalogue.draft();
  try {
    await copyModel(model, draft);
    await writeManifest(draft, { ...model.manifest, name });
    await catalogue.install(draft, id);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Writes a model of the user's own to a new path: a folder that another Enlarger imports, or, where the path ends in
 * .onnx, its one file. Throws `output-exists` where something is there, `bad-option` where the model is several files.
 */
export async function exportModel(catalogue: Catalogue, id: string, path: string): Promise<void> {
  const model = ownModel(catalogue, id, 'export');
  if (await exists(path)) {
    throw new FaultError(
      'output-exists',
      `Expected a new name, but ${path} is there already and is not replaced; choose another one.`,
      { file: path },
    );
  }
  const files = filesOf(model.manifest).map(({ file }) => file);
  const isFile = path.endsWith('.onnx');
  if (isFile && files.length !== 1) {
    throw new FaultError(
      'bad-option',
      `Expected a folder to export ${id} to, because it is made of ${files.length} files, received ${basename(path)}.`,
    );
  }
  const staging = await mkdtemp(join(dirname(path), '.enlarger-export-')).catch((error: unknown) => {
    throw new FaultError(
      'output-unwritable',
      `Expected to be able to write into ${dirname(path)}, but could not; choose another place.`,
      { file: path, detail: String(error) },
    );
  });
  try {
    if (isFile) await copyFile(join(model.folder, files[0]!), join(staging, 'model'));
    else await copyModel(model, staging);
    await rename(isFile ? join(staging, 'model') : staging, path);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
