import { join } from 'node:path';
import { version } from '../../../package.json';
import { answersOf, type Codec } from './answers';
import type { ColourTable } from '../kernels/color/lut';
import type { FilePhoto } from '../codec/read/open';
import { Devices } from '../runtime/devices';
import type { BlindParts } from '../jobs/blind/blind';
import { BlindPictures } from '../jobs/blind/pictures';
import { BlindRatings, opinionsIn } from '../jobs/blind/ratings';
import type { DoctorParts } from '../jobs/doctor';
import { LiveTrainings } from '../jobs/finetune/liveTrainings';
import { Jobs, type JobsParts } from '../jobs/jobs';
import { jobKindsOf } from '../jobs/kinds';
import { degraded } from '../jobs/recommend/degraded';
import { LiveEvaluations } from '../jobs/evaluate/liveEvaluations';
import { RecentCrops } from '../jobs/recommend/recoveredCrops';
import { Enlarged } from '../jobs/sheet/enlarged';
import type { SheetKindParts } from '../jobs/sheet/sheet';
import { SheetDrawings } from '../jobs/sheet/drawings';
import { Shelf } from '../jobs/shelf';
import { EncodingTrials } from '../jobs/upscale/encodingTrials';
import type { UpscaleParts } from '../jobs/upscale/parts';
import type { Gauges } from '../metrics/gauges';
import type { OpenSimilarity } from '../metrics/similarity';
import { FeatureCache } from '../methods/implicit/featureCache';
import { loadCatalogue } from '../methods/loadCatalogue';
import type { Method } from '../methods/method';
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
import { BlindComparisons } from '../state/blindComparisons';
import { Store } from '../state/store';
import type { MethodChange, Page } from '../../shared/contract';
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
  /** The metrics that need the user's files, their networks on graphs that the given function opens. */
  readonly gauges: (open: (model: ModelRef) => Promise<Graph>) => Gauges;
  /** Where SSIM of large pictures is computed; absent: on the engine's own thread. */
  readonly openSimilarity?: OpenSimilarity;
  readonly sample: string;
  /** Where jobs keep pixels that outlive this engine. */
  readonly scratchRoot: string;
  readonly notice: (sentence: string) => void;
  /** Tells every client that methods came, changed or went. */
  readonly methodsChanged: (changes: readonly MethodChange[]) => void;
  /** Tells every client, each what it is to hear. */
  readonly tellEach: JobsParts['tell'];
  readonly idleSeconds?: number;
  /** Nothing that is quicker for being a little less exact, see `MethodParts`. */
  readonly exact?: boolean;
  /** Milliseconds between two marks of an upscale in the ledger; absent: as usual. */
  readonly markEveryMs?: number | undefined;
  /** Where the watchdog looks and what it left; absent: nobody watches. */
  readonly watch?: { readonly signs: VitalSigns; readonly patience: number; readonly hungFile: string };
  /** Told of the engine's inner parts that its process must know. */
  readonly onBuilt?: (built: { store: Store; queue: Queue }) => void;
}

/** The first look at a photo comes before measuring. */
const MEASURE_AFTER_MS = 3000;

/** The client in whose name the engine does what nobody asked for yet. */
const ITSELF = 'engine';
/** And in whose it measures how fast methods are. */
const MEASURING = 'measuring';

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
  /** Its turn comes while nobody else has one: what is timed has the engine for itself. */
  const whenIdle = (work: () => Promise<void>): void => {
    void queue.whenIdle(MEASURING, work).catch(() => undefined);
  };
  const devices = new Devices({ runtime, sessions, store, notice: outside.notice, later });
  await devices.recover();
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
  const photos = new OpenPhotos<FilePhoto>();
  const paces = new Paces(store);
  const tableFor = sharedTables(files.displayTable);
  const views = new Views({ photos, catalogue, pixels, paces, tableFor });
  /** Methods whose turn to be measured is asked for, each once as its files are. */
  const measured = new WeakSet<Method>();
  const measureLater = (): void => {
    const unknown = paces.unknown(catalogue.all).filter(({ method }) => !measured.has(method));
    if (unknown.length === 0) return;
    for (const { method } of unknown) measured.add(method);
    setTimeout(() => {
      for (const { method, scale } of unknown) {
        whenIdle(async () => {
          if (catalogue.all.includes(method))
            await paces.measure(method, new AbortController().signal, scale);
        });
      }
    }, MEASURE_AFTER_MS).unref();
  };
  catalogue.onChange((changes) => {
    for (const { id, change } of changes) if (change !== 'added') paces.forget(id);
    outside.methodsChanged(changes);
  });
  const gauges = outside.gauges((model) => openGraph(sessions, model));
  const doctor: DoctorParts = {
    version,
    gauges,
    runtime,
    devices,
    catalogue,
    paces,
    leftOut,
    codec: outside.codec,
  };
  const trainings = new LiveTrainings();
  const recentCrops = new RecentCrops();
  const evaluations = new LiveEvaluations();
  const evaluateFiles = {
    listImages: files.listImages,
    readWhole: (path: string, signal: AbortSignal, page?: Page) =>
      files.readWhole(path, { scratchFolder, signal, page }),
  };
  const readSample = (signal: AbortSignal) => files.readWhole(outside.sample, { scratchFolder, signal });
  const blindComparisons = new BlindComparisons(join(outside.configFolder, 'blind'), outside.notice);
  const sheetParts: SheetKindParts = {
    catalogue,
    photos,
    openLpips: () => gauges.openLpips(),
    tableFor: (photo) => tableFor(photo, 'srgb'),
    version,
    enlarged: new Enlarged(),
    askOpinions: opinionsIn(blindComparisons),
  };
  const blindParts: BlindParts = {
    catalogue,
    photos,
    kept: blindComparisons,
    pictures: new BlindPictures(),
    enlarged: sheetParts.enlarged,
    tableFor: sheetParts.tableFor,
    besides: (work) => queue.besides(work),
    version,
  };
  const upscaleParts: UpscaleParts = {
    files,
    pixels,
    photos,
    catalogue,
    tableFor,
    scratchFolder,
    version,
    markEveryMs: outside.markEveryMs,
    onPace: (method, scale, taken, megapixels) => void paces.refine(method, scale, taken, megapixels),
    onDevice: (method, device) => paces.noteDevice(method, device),
  };
  const kinds = jobKindsOf({
    blind: blindParts,
    doctor,
    evaluate: {
      version,
      catalogue,
      files: evaluateFiles,
      photos,
      live: evaluations,
      gauges,
    },
    recommend: {
      catalogue,
      photos,
      gauges,
      besides: (work) => queue.besides(work),
      tableFor: (photo) => tableFor(photo, 'srgb'),
      crops: recentCrops,
      degrade: (input, condition, scale) => degraded(input, condition, scale, files.throughJpeg),
    },
    metrics: {
      gauges,
      openSimilarity: outside.openSimilarity,
      openPhoto: (path, signal) => files.openPhoto(path, { name: path, scratchFolder, signal }),
    },
    import: { sessions, catalogue, readSample },
    finetune: {
      catalogue,
      sessions,
      photos,
      openPhoto: files.openPhoto,
      sizeOfPhoto: files.sizeOfPhoto,
      throughJpeg: files.throughJpeg,
      gauges,
      readSample,
      encoders: join(outside.resources ?? '', 'encoders'),
      scratchFolder,
      version,
      live: trainings,
      tell: (event) => outside.tellEach(() => event),
      notice: outside.notice,
    },
    sheet: sheetParts,
    upscale: upscaleParts,
  });
  const shelf = await Shelf.open(
    join(outside.configFolder, 'jobs'),
    outside.scratchRoot,
    kinds,
    outside.notice,
  );
  const jobs = new Jobs({ kinds, queue, shelf, tell: outside.tellEach });
  const { sample } = outside;
  return answersOf({
    files,
    store,
    queue,
    photos,
    views,
    jobs,
    trainings,
    recentCrops,
    evaluations: { catalogue, files: evaluateFiles, queue, live: evaluations },
    blind: new BlindRatings(blindParts),
    sheets: new SheetDrawings(sheetParts, queue),
    encodings: new EncodingTrials(upscaleParts, queue),
    catalogue,
    paces,
    gauges,
    scratchFolder,
    sample,
    measureLater,
  });
}
