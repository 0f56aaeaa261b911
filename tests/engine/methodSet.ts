import { resolve } from 'node:path';
import type { Rect } from '../../src/shared/geometry';
import { Devices } from '../../src/engine/runtime/devices';
import { FeatureCache } from '../../src/engine/methods/implicit/featureCache';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { loadCatalogue } from '../../src/engine/methods/loadCatalogue';
import type { Method } from '../../src/engine/methods/method';
import type { RunSettings } from '../../src/engine/runtime/runSettings';
import type { Runtime } from '../../src/engine/runtime/runtime';
import { SpentBuffers } from '../../src/engine/pixels/spentBuffers';
import { SessionPool } from '../../src/engine/runtime/sessionPool';
import type { Photo } from '../../src/engine/photos/photo';
import { pixelsInPlace } from '../../src/engine/pixels/pixels';
import type { Raster } from '../../src/engine/kernels/raster';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { Store } from '../../src/engine/state/store';
import { ownFolder } from '../fixtures/ownFolder';

export const resources = resolve(import.meta.dirname, '../../resources');
export const onCpu: RunSettings = { ensemble: false, device: 'cpu', patient: true };

export interface RunnerSet {
  readonly sessions: SessionPool;
  readonly devices: Devices;
  readonly buffers: SpentBuffers;
  readonly notices: string[];
  readonly notice: (sentence: string) => void;
}

/** What methods with weights run on: a runtime, and a state of their own. */
export async function runnersOn(runtime: Runtime): Promise<RunnerSet> {
  const store = new Store(await ownFolder('methods'));
  const notices: string[] = [];
  const notice = (sentence: string): void => void notices.push(sentence);
  const sessions = new SessionPool(runtime);
  const devices = new Devices({ runtime, sessions, store, notice, later: () => undefined });
  return { sessions, devices, notices, notice, buffers: new SpentBuffers() };
}

export async function methodsOn(
  runtime: Runtime = onnxRuntime,
  folder: string | undefined = resources,
  userModels?: string,
): Promise<Catalogue & { notices: string[] }> {
  const runners = await runnersOn(runtime);
  const catalogue = await loadCatalogue(
    { resources: folder, userModels },
    { ...runners, pixels: pixelsInPlace, features: new FeatureCache() },
  );
  return Object.assign(catalogue, { notices: runners.notices });
}

export const enlarge = (
  method: Method,
  photo: Photo,
  scale: number,
  output: Rect<'output'>,
  runSettings: RunSettings = onCpu,
): Promise<Raster> =>
  method.enlarge(
    { photo, scale, output, runSettings, signal: new AbortController().signal },
    { to: 'raster' },
  );
