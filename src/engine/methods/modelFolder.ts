import { join } from 'node:path';
import { readBy } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { manifestSchema, type Manifest, type ModelFile, overlapOf } from '../../shared/manifest';
import type { FeatureCache } from './implicit/featureCache';
import { ModelRunner, type RunnerParts } from '../runtime/modelRunner';
import { MeansRunner } from '../runtime/meansRunner';
import type { SecondWeights } from '../onnx/weightBlend';
import { readRegularFile, sizeOfRegularFile } from '../state/regularFile';
import type { Pixels } from '../pixels/pixels';
import { ImplicitMethod } from './implicit/implicit';
import { loadGraphs } from './implicit/loading';
import { MadeOnce } from './madeOnce';
import type { Method } from './method';
import { filesOf } from './methodSum';
import { ModelMethod, type LoadedFile } from './modelMethod';
import { NetworkKind } from './network';
import { PreUpsampledKind } from './preUpsampled';
import { Surveys } from './surveys';

export interface MethodParts extends RunnerParts {
  readonly pixels: Pixels;
  /** Features of photos that implicit methods look at, and tiles that are made whole; one for all of them. */
  readonly features: FeatureCache;
  /** The folder of graphs that several methods share; those of the user's may name them too. */
  readonly encoders: string;
  /** Decoders compute in float32 on the CPU too, where most have a quicker form in integers. */
  readonly exact?: boolean | undefined;
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
  parts: MethodParts,
): Promise<LoadedFile> {
  const path = join(folder, file.file);
  const body = file.body && { path: join(folder, file.body.file), sha256: file.body.sha256 };
  const sizes = await Promise.all((body ? [path, body.path] : [path]).map(sizeOfRegularFile));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const { before, after } = overlapOf(file.receptiveField, file.align);
  const runner = new ModelRunner(parts, {
    method: manifest.id,
    path,
    bytes,
    sha256: file.sha256,
    macsPerPixel: file.macsPerPixel,
    body,
    liveBytesPerPixel: file.liveBytesPerPixel,
    largestInput: file.largestInput,
    ...(file.blend && { second: secondOf(folder, manifest, file.blend) }),
    overlap: before + after,
    exact: file.receptiveField.exact,
    shape: {
      channels: manifest.channels === 'y' ? 1 : 3,
      factor: manifest.kind === 'network' ? file.scale : 1,
      largestInput: file.largestInput,
    },
  });
  return {
    file,
    runner,
    wholeTiles: new MadeOnce(parts.features),
    ...(file.means && { surveys: new Surveys(new MeansRunner(runner, parts, file.means.count)) }),
  };
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
  const apart = (file: ModelFile): boolean =>
    file.receptiveField.exact && file.blend === undefined && file.largestInput === undefined;
  if (manifest.files.some((file) => file.means && !apart(file)))
    refuse('a file that takes means has an exact receptive field, takes any size and is blended with none');
  const turned = manifest.controls.some(({ id }) => id === 'strength');
  if (manifest.files.some(({ blend }) => (blend !== undefined) !== turned))
    refuse('the control strength and weights to blend belong together, in every file');
}

async function loadImplicit(folder: string, manifest: Manifest, parts: MethodParts): Promise<ImplicitMethod> {
  return new ImplicitMethod(manifest, await loadGraphs(folder, parts.encoders, manifest, parts), parts);
}

/** A method of several files, one a scale, that run through one kind of network. */
const ofFiles =
  (kindOf: (files: readonly LoadedFile[]) => NetworkKind | PreUpsampledKind): Maker =>
  async (folder, manifest, parts) => {
    const files = await Promise.all(manifest.files.map((file) => loadFile(folder, manifest, file, parts)));
    return new ModelMethod(manifest, files, kindOf(files), parts.pixels);
  };

type Maker = (folder: string, manifest: Manifest, parts: MethodParts) => Promise<Method>;

/** How a method of each kind is made; a kind that a manifest may name has its line here, or nothing compiles. */
const MAKERS: Readonly<Record<Manifest['kind'], Maker>> = {
  network: ofFiles((files) => new NetworkKind(files)),
  preUpsampled: ofFiles((files) => new PreUpsampledKind(files)),
  implicit: loadImplicit,
};

/** A method with what its folder said of it. */
export interface LoadedModel {
  readonly method: Method;
  readonly manifest: Manifest;
  /** SHA-256 of every file that it runs. */
  readonly files: readonly string[];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FaultError(
      'bad-model',
      `Expected manifest.json to be JSON, found that it is not (${(error as Error).message}); restore the file.`,
    );
  }
}

/** The method in a folder; throws where the folder is not a valid one. */
export async function loadModelMethod(
  folder: string,
  name: string,
  parts: MethodParts,
): Promise<LoadedModel> {
  const text = (await readRegularFile(join(folder, 'manifest.json'))).toString('utf8');
  const manifest = readBy(manifestSchema, jsonOf(text), 'manifest');
  checkFiles(manifest, name);
  const method = await MAKERS[manifest.kind](folder, manifest, parts);
  return { method, manifest, files: filesOf(manifest).map(({ sha256 }) => sha256) };
}
