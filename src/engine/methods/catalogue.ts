import { access, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readBy } from '../../shared/contract';
import type { MethodRef } from '../../shared/enlargement';
import { FaultError } from '../../shared/faults';
import { manifestSchema, type Manifest, type ModelFile, overlapOf } from '../../shared/manifest';
import type { FeatureCache } from './implicit/featureCache';
import { ModelRunner, type RunnerParts } from '../runtime/modelRunner';
import type { SecondWeights } from '../onnx/weightBlend';
import type { Pixels } from '../pixels/pixels';
import { ImplicitMethod } from './implicit/implicit';
import { loadGraphs } from './implicit/loading';
import { interpolations } from './interpolate';
import type { Method } from './method';
import { ModelMethod, type LoadedFile } from './modelMethod';
import { NetworkKind } from './network';
import { PreUpsampledKind } from './preUpsampled';

export interface RegistryParts extends RunnerParts {
  readonly pixels: Pixels;
  /** Features of photos that implicit methods look at; one for all of them. */
  readonly features: FeatureCache;
  /** Decoders compute in float32 on the CPU too, where most have a quicker form in integers. */
  readonly exact?: boolean | undefined;
}

/**
 * The folder `resources` of this installation: what Electron calls resourcesPath in a packaged application,
 * otherwise the nearest one above the running file. `undefined` where there is none.
 */
export async function findResources(from: string): Promise<string | undefined> {
  const candidates: string[] = [];
  const { resourcesPath } = process as { resourcesPath?: string };
  if (resourcesPath !== undefined) candidates.push(join(resourcesPath, 'resources'), resourcesPath);
  for (let folder = from; ; folder = dirname(folder)) {
    candidates.push(join(folder, 'resources'));
    if (folder === dirname(folder)) break;
  }
  for (const candidate of candidates) {
    const found = await access(join(candidate, 'models')).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
}

/** The weights that `strength` goes towards; the manifest's control says where it stands by itself. */
function secondOf(
  folder: string,
  { controls }: Manifest,
  { file, sha256, ranges }: NonNullable<ModelFile['blend']>,
): SecondWeights {
  const defaultStrength = controls.find(({ id }) => id === 'strength')?.default ?? 1;
  return { path: join(folder, file), sha256, ranges, defaultStrength };
}

async function loadFile(
  folder: string,
  manifest: Manifest,
  file: ModelFile,
  parts: RunnerParts,
): Promise<LoadedFile> {
  const path = join(folder, file.file);
  const body = file.body && { path: join(folder, file.body.file), sha256: file.body.sha256 };
  const sizes = await Promise.all(
    (body ? [path, body.path] : [path]).map(async (one) => (await stat(one)).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const { before, after } = overlapOf(file.receptiveField);
  const runner = new ModelRunner(parts, {
    ...{ method: manifest.id, path, bytes, sha256: file.sha256, macsPerPixel: file.macsPerPixel, body },
    liveBytesPerPixel: file.liveBytesPerPixel,
    ...(file.blend && { second: secondOf(folder, manifest, file.blend) }),
    overlap: before + after,
    shape: {
      channels: manifest.channels === 'y' ? 1 : 3,
      factor: manifest.kind === 'network' ? file.scale : 1,
    },
  });
  return { file, runner };
}

function checkFiles(manifest: Manifest, name: string): void {
  const refuse = (why: string): never => {
    throw new FaultError('bad-model', why);
  };
  if (manifest.id !== name) refuse(`its id is ${manifest.id}, and should be its folder's name`);
  const scales = manifest.files.map(({ scale }) => scale);
  if (new Set(scales).size < scales.length) refuse('two of its files are for one scale');
  const smallest = manifest.kind === 'preUpsampled' && scales.includes(0) ? 0 : 2;
  if (scales.some((scale) => scale < smallest)) refuse(`a file is for scale ${Math.min(...scales)}`);
  if (manifest.files.some(({ blend, body }) => blend && body))
    refuse('a file whose weights are blended must hold them itself, and has a body');
  const turned = manifest.controls.some(({ id }) => id === 'strength');
  if (manifest.files.some(({ blend }) => (blend !== undefined) !== turned))
    refuse('the control strength and weights to blend belong together, in every file');
}

async function loadImplicit(
  folder: string,
  manifest: Manifest,
  parts: RegistryParts,
): Promise<ImplicitMethod> {
  const encoders = join(folder, '..', '..', 'encoders');
  return new ImplicitMethod(manifest, await loadGraphs(folder, encoders, manifest, parts), parts);
}

/** The method in a folder; throws where the folder is not a valid one. */
export async function loadModelMethod(folder: string, name: string, parts: RegistryParts): Promise<Method> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  const manifest = readBy(manifestSchema, JSON.parse(text), 'manifest');
  checkFiles(manifest, name);
  if (manifest.kind === 'implicit') return loadImplicit(folder, manifest, parts);
  const files = await Promise.all(manifest.files.map((file) => loadFile(folder, manifest, file, parts)));
  const kind = manifest.kind === 'network' ? new NetworkKind(files) : new PreUpsampledKind(files);
  return new ModelMethod(manifest, files, kind, parts.pixels);
}

/** Edit distance (Levenshtein, 1965), for finding what somebody meant to type. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const exchanged = row[k - 1]! + (a[i - 1] === b[k - 1] ? 0 : 1);
      next.push(Math.min(row[k]! + 1, next[k - 1]! + 1, exchanged));
    }
    row = next;
  }
  return row[b.length]!;
}

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
    const known = [...this.methods.keys()].sort((a, b) => distance(a, id) - distance(b, id));
    throw new FaultError(
      'unknown-method',
      `Expected the id of a method, received "${id}"; there are: ${known.join(', ')}.`,
    );
  }
}

/** Interpolations, and a method for every valid folder in `resources/models`; others are left out with a word. */
export async function loadRegistry(resources: string | undefined, parts: RegistryParts): Promise<Registry> {
  const methods: Method[] = interpolations(parts.pixels);
  const models = resources === undefined ? undefined : join(resources, 'models');
  const entries = models === undefined ? [] : await readdir(models, { withFileTypes: true });
  if (models === undefined)
    parts.notice('The folder resources/models was not found; only interpolation is here.');
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
    try {
      methods.push(await loadModelMethod(join(models!, name), name, parts));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      parts.notice(`The method in resources/models/${name} was left out: ${why}`);
    }
  }
  return new Registry(methods);
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
