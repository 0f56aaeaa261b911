import { version } from '../../../package.json';
import { answersOf, type Codec } from './answers';
import type { ColourTable } from '../kernels/color/lut';
import type { FilePhoto } from '../codec/read/open';
import { Devices } from '../runtime/devices';
import type { DoctorParts } from '../jobs/doctor';
import type { OpenLpips } from '../jobs/evaluate';
import { FeatureCache } from '../methods/implicit/featureCache';
import { loadRegistry } from '../methods/catalogue';
import type { ModelRef } from '../onnx/modelRef';
import { openGraph } from '../runtime/openGraph';
import type { Graph, Runtime } from '../runtime/runtime';
import { SessionPool } from '../runtime/sessionPool';
import type { SpentBuffers } from '../pixels/spentBuffers';
import { Paces } from '../methods/pace';
import { OpenPhotos } from '../photos/openPhotos';
import type { Pixels } from '../pixels/pixels';
import { Queue } from '../schedule/queue';
import type { Answers } from './server';
import { Store } from '../state/store';
import { Views } from '../views/views';
import { watchedRuntime } from '../runtime/watchedRuntime';
import { takeHungRun } from '../watch/hungRuns';
import type { VitalSigns } from '../watch/vitalSigns';

/** What differs between the real engine and one under test. */
export interface EngineOutside {
  readonly files: Codec;
  readonly codec: DoctorParts['codec'];
  readonly runtime: Runtime;
  readonly pixels: Pixels;
  /** Memory that the pixel workers give back. */
  readonly buffers: SpentBuffers;
  readonly resources: string | undefined;
  readonly configFolder: string;
  readonly scratchFolder: string;
  /** LPIPS, where its weights are installed, on a graph that the given function opens. */
  readonly openLpips: (open: (model: ModelRef) => Promise<Graph>) => ReturnType<OpenLpips>;
  readonly sample: string;
  readonly notice: (sentence: string) => void;
  readonly idleSeconds?: number;
  /** Nothing that is quicker for being a little less exact, see `RegistryParts`. */
  readonly exact?: boolean;
  /** Where the watchdog looks and what it left; absent: nobody watches. */
  readonly watch?: { readonly signs: VitalSigns; readonly patience: number; readonly hungFile: string };
  /** Told of the engine's inner parts that its process must know. */
  readonly onBuilt?: (built: { store: Store; queue: Queue }) => void;
}

/** The first look at a photo comes before measuring. */
const MEASURE_AFTER_MS = 3000;

/** The client in whose name the engine does what nobody asked for yet. */
const ITSELF = 'engine';

/** A table that worker threads read where it is, instead of each getting a copy with every tile. */
function shared(table: ColourTable): ColourTable {
  const data = new Float32Array(new SharedArrayBuffer(table.data.byteLength));
  data.set(table.data);
  return { size: table.size, data };
}

function sharedTables(displayTable: Codec['displayTable']): Codec['displayTable'] {
  const known = new WeakMap<ColourTable, ColourTable>();
  return async (photo: FilePhoto, space) => {
    const table = await displayTable(photo, space);
    if (!table) return null;
    const copy = known.get(table) ?? shared(table);
    known.set(table, copy);
    return copy;
  };
}

/** The runtime, watched where somebody watches; what the watchdog had to end before is taken over. */
async function watchedBy({ runtime, watch, notice }: EngineOutside, store: Store): Promise<Runtime> {
  if (watch === undefined) return runtime;
  const { signs, patience, hungFile } = watch;
  await takeHungRun(hungFile, store, notice);
  return watchedRuntime(runtime, { signs, patience, hung: () => store.state.hung });
}

/** An engine, ready to answer calls. */
export async function buildEngine(outside: EngineOutside): Promise<Answers> {
  const { pixels, buffers, files, scratchFolder } = outside;
  const store = new Store(outside.configFolder);
  await store.load();
  const queue = new Queue();
  outside.onBuilt?.({ store, queue });
  const runtime = await watchedBy(outside, store);
  const { idleSeconds } = outside;
  const features = new FeatureCache();
  const sessions = new SessionPool(runtime, {
    ...(idleSeconds === undefined ? {} : { idleSeconds }),
    onEmpty: () => {
      buffers.clear();
      features.clear();
    },
  });
  const leftOut: string[] = [];
  const later = (work: () => Promise<void>): void => {
    // What can wait may fail too: it is tried again when it is needed.
    void queue.during({ priority: 'background', client: ITSELF }, work).catch(() => undefined);
  };
  const devices = new Devices({ runtime, sessions, store, notice: outside.notice, later });
  await devices.recover();
  let loading = true;
  const registry = await loadRegistry(outside.resources, {
    ...{ sessions, devices, pixels, buffers, features, exact: outside.exact },
    notice: (sentence) => {
      if (loading) leftOut.push(sentence);
      outside.notice(sentence);
    },
  });
  loading = false;
  const photos = new OpenPhotos<FilePhoto>();
  const paces = new Paces(store);
  const tableFor = sharedTables(files.displayTable);
  const views = new Views({ photos, registry, pixels, paces, tableFor });
  let measuring = false;
  const measureLater = (): void => {
    if (measuring) return;
    measuring = true;
    setTimeout(() => {
      for (const method of paces.unknown(registry.all)) {
        later(async () => {
          await paces.measure(method, new AbortController().signal);
        });
      }
    }, MEASURE_AFTER_MS).unref();
  };
  return answersOf({
    ...{ files, store, queue, photos, views, pixels, registry, paces, devices, runtime, leftOut },
    ...{ scratchFolder, measureLater, codec: outside.codec, sample: outside.sample },
    openLpips: () => outside.openLpips((model) => openGraph(sessions, model)),
    version,
  });
}
