import { join } from 'node:path';
import { FaultError } from '../../shared/faults';
import { Catalogue } from './catalogue';
import { interpolations } from './interpolate';
import { loadModelMethod, type MethodParts } from './modelFolder';
import { entryOf, expectOwnId, ModelsFolder, type CatalogueEntry } from './modelsFolder';
import { mendModels } from './userModels';

export interface CatalogueFolders {
  /** What comes with Enlarger; undefined where it was not found. */
  readonly resources: string | undefined;
  /** The user's own models; undefined where there is no place for any. */
  readonly userModels: string | undefined;
}

/**
 * Interpolations, a method for every valid folder in `resources/models`, and one for every valid folder among the
 * user's models; others are left out with a word.
 */
export async function loadCatalogue(
  { resources, userModels }: CatalogueFolders,
  given: Omit<MethodParts, 'encoders'>,
): Promise<Catalogue> {
  const parts: MethodParts = { ...given, encoders: join(resources ?? '', 'encoders') };
  const fixed: CatalogueEntry[] = interpolations(parts.pixels).map((method) => ({
    method,
    origin: 'bundled',
    source: null,
    files: [],
  }));
  fixed.push(...(await bundledOf(resources, new Set(fixed.map(({ method }) => method.id)), parts)));
  const fixedIds = new Set(fixed.map(({ method }) => method.id));

  const load = async (folder: string, name: string): Promise<CatalogueEntry> => {
    expectOwnId(name, fixedIds);
    const loaded = await loadModelMethod(folder, name, parts);
    return entryOf(loaded, loaded.manifest.origin ?? 'imported', folder);
  };
  const own =
    userModels === undefined
      ? undefined
      : new ModelsFolder(userModels, { label: userModels, load, leftOut: parts.notice });
  if (userModels !== undefined) await mendModels(userModels);
  const catalogue = new Catalogue({ fixed, own, load, sessions: parts.sessions });
  await catalogue.refresh();
  return catalogue;
}

async function bundledOf(
  resources: string | undefined,
  builtIn: ReadonlySet<string>,
  parts: MethodParts,
): Promise<CatalogueEntry[]> {
  const models = resources === undefined ? undefined : join(resources, 'models');
  const load = async (folder: string, name: string): Promise<CatalogueEntry> => {
    if (builtIn.has(name)) {
      throw new FaultError(
        'bad-model',
        `there is a built-in method of this name, which it would replace; rename the folder and its id`,
      );
    }
    return entryOf(await loadModelMethod(folder, name, parts), 'bundled', folder);
  };
  const label = join('resources', 'models');
  const folder =
    models === undefined ? undefined : new ModelsFolder(models, { label, load, leftOut: parts.notice });
  const entries = await folder?.read();
  if (entries === undefined)
    parts.notice(`The folder ${models ?? label} was not found; only interpolation is here.`);
  else if (folder?.isEmpty) parts.notice(`The folder ${models} holds no method; only interpolation is here.`);
  return entries ?? [];
}
