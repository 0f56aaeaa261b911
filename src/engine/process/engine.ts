import { join } from 'node:path';
import { answersOf } from './answers';
import { IdleMeasuring } from './idleMeasuring';
import { kindPartsOf } from './kindParts';
import type { EngineOutside } from './outside';
import type { Answers } from './server';
import { sharedTables } from './sharedTables';
import type { FilePhoto } from '../codec/read/open';
import { BlindRatings } from '../jobs/blind/ratings';
import { Jobs } from '../jobs/jobs';
import { jobKindsOf } from '../jobs/kinds';
import { SheetDrawings } from '../jobs/sheet/drawings';
import { Shelf } from '../jobs/shelf';
import { EncodingTrials } from '../jobs/upscale/encodingTrials';
import { FeatureCache } from '../methods/implicit/featureCache';
import { loadCatalogue } from '../methods/loadCatalogue';
import { Paces } from '../methods/pace';
import { OpenPhotos } from '../photos/openPhotos';
import { Devices } from '../runtime/devices';
import { openGraph } from '../runtime/openGraph';
import type { Runtime } from '../runtime/runtime';
import { SessionPool } from '../runtime/sessionPool';
import { watchedRuntime } from '../runtime/watchedRuntime';
import { Queue } from '../schedule/queue';
import { Store } from '../state/store';
import { Views } from '../views/views';
import { takeHungRun } from '../watch/hungRuns';

/** The client in whose name the engine does what nobody asked for yet. */
const ITSELF = 'engine';

/** The runtime, watched where somebody watches; what the watchdog had to end before is taken over. */
async function watchedBy({ runtime, watch, notice }: EngineOutside, store: Store): Promise<Runtime> {
  if (watch === undefined) return runtime;
  const { signs, patience, hungFile } = watch;
  await takeHungRun(hungFile, store, notice);
  return watchedRuntime(runtime, { signs, patience, hung: () => store.state.hung });
}

/** An engine, ready to answer calls. */
export async function buildEngine(outside: EngineOutside): Promise<Answers> {
  const { pixels, buffers, files, scratchFolder, idleSeconds } = outside;
  const store = new Store(outside.configFolder);
  await store.load();
  const queue = new Queue();
  outside.onBuilt?.({ store, queue });
  const runtime = await watchedBy(outside, store);
  const features = new FeatureCache();
  const sessions = new SessionPool(runtime, {
    ...(idleSeconds === undefined ? {} : { idleSeconds }),
    onEmpty: () => {
      buffers.clear();
      features.clear();
    },
  });
  const later = (work: () => Promise<void>): void => {
    // What can wait may fail too: it is tried again when it is needed.
    void queue.during({ priority: 'background', client: ITSELF }, work).catch(() => undefined);
  };
  const devices = new Devices({ runtime, sessions, store, notice: outside.notice, later });
  await devices.recover();

  const leftOut: string[] = [];
  let loading = true;
  const folders = { resources: outside.resources, userModels: join(outside.configFolder, 'models') };
  const catalogue = await loadCatalogue(folders, {
    sessions,
    devices,
    pixels,
    buffers,
    features,
    exact: outside.exact,
    notice: (sentence) => {
      if (loading) leftOut.push(sentence);
      outside.notice(sentence);
    },
  });
  loading = false;
  const paces = new Paces(store);
  catalogue.onChange((changes) => {
    for (const { id, change } of changes) if (change !== 'added') paces.forget(id);
    outside.methodsChanged(changes);
  });

  const photos = new OpenPhotos<FilePhoto>();
  const tableFor = sharedTables(files.displayTable);
  const gauges = outside.gauges((model) => openGraph(sessions, model));
  const services = {
    runtime,
    sessions,
    devices,
    queue,
    photos,
    catalogue,
    paces,
    gauges,
    tableFor,
    leftOut,
  };
  const ofKinds = kindPartsOf(services, outside);
  const kinds = jobKindsOf(ofKinds);
  const jobsFolder = join(outside.configFolder, 'jobs');
  const shelf = await Shelf.open(jobsFolder, outside.scratchRoot, kinds, outside.notice);
  const measuring = new IdleMeasuring({ catalogue, paces, queue });
  return answersOf({
    files,
    store,
    queue,
    photos,
    views: new Views({
      photos,
      catalogue,
      pixels,
      paces,
      tableFor,
      device: () => store.state.settings.device,
    }),
    devices,
    modelsFolder: folders.userModels,
    jobs: new Jobs({ kinds, queue, shelf, tell: outside.tellEach }),
    trainings: ofKinds.finetune.live,
    recentCrops: ofKinds.recommend.crops,
    evaluations: { ...ofKinds.evaluate, queue },
    blind: new BlindRatings(ofKinds.blind),
    sheets: new SheetDrawings(ofKinds.sheet, queue),
    encodings: new EncodingTrials(ofKinds.upscale, queue),
    catalogue,
    paces,
    gauges,
    scratchFolder,
    sample: outside.sample,
    measureLater: () => measuring.begin(),
  });
}
