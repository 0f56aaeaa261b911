import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { editDistance } from '../../shared/editDistance';
import type { MethodRef } from '../../shared/enlargement';
import { FaultError } from '../../shared/faults';
import { interpolations } from './interpolate';
import type { Method } from './method';
import { loadModelMethod, type RegistryParts } from './modelFolder';

/** All methods there are, in the order of their families. */
export class Registry {
  private readonly methods: ReadonlyMap<string, Method>;

  constructor(methods: readonly Method[]) {
    this.methods = new Map(methods.map((method) => [method.id, method]));
  }

  get all(): Method[] {
    return [...this.methods.values()];
  }

  /**
   * The method that a request means. Throws `unknown-method`, naming those that there are, the likeliest first,
   * and `method-changed` where its files are not any more those that the request was made for.
   */
  get(id: string, sum?: MethodRef['sum']): Method {
    const method = this.methods.get(id);
    if (method && (sum === undefined || sum === method.card.sum)) return method;
    if (method) {
      throw new FaultError(
        'method-changed',
        `Expected ${id} with the files that it had when this was asked for (${sum}), but it has others by now ` +
          `(${method.card.sum}): it was trained or installed again. Choose it once more to use it as it is.`,
      );
    }
    const known = [...this.methods.keys()].sort((a, b) => editDistance(a, id) - editDistance(b, id));
    throw new FaultError(
      'unknown-method',
      `Expected the id of a method, received "${id}"; there are: ${known.join(', ')}.`,
    );
  }
}

/** The names of the folders in a folder, sorted; undefined where it cannot be read as one. */
async function foldersIn(path: string): Promise<string[] | undefined> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  return entries
    ?.filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Interpolations, and a method for every valid folder in `resources/models`; others are left out with a word. */
export async function loadRegistry(resources: string | undefined, parts: RegistryParts): Promise<Registry> {
  const methods: Method[] = interpolations(parts.pixels);
  const models = resources === undefined ? undefined : join(resources, 'models');
  const folders = models === undefined ? [] : await foldersIn(models);
  if (models === undefined || folders === undefined)
    parts.notice(`The folder ${models ?? 'resources/models'} was not found; only interpolation is here.`);
  else if (folders.length === 0)
    parts.notice(`The folder ${models} holds no method; only interpolation is here.`);
  for (const name of folders ?? []) {
    try {
      if (methods.some(({ id }) => id === name))
        throw new FaultError(
          'bad-model',
          `there is a built-in method of this name, which it would replace; rename the folder and its id`,
        );
      methods.push(await loadModelMethod(join(models!, name), name, parts));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      parts.notice(`The method in resources/models/${name} was left out: ${why}`);
    }
  }
  return new Registry(methods);
}
