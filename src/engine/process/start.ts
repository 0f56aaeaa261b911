import inspector from 'node:inspector';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Codec } from './answers';
import { displayTable } from '../codec/read/display';
import { encodePhoto } from '../codec/write/encode';
import { listImages } from '../codec/read/listImages';
import { openPhoto } from '../codec/read/open';
import { expectPlace } from '../codec/write/place';
import { expectRoom } from '../codec/write/room';
import { writeGainMap } from '../codec/write/gainMapFile';
import { planEncoding } from '../codec/write/plan';
import { readWhole } from '../codec/read/readWhole';
import { createScratch, reopenScratch } from '../codec/scratch/scratch';
import { openScratchFolder, scratchRoot } from '../codec/scratch/scratchFolder';
import { sizeOfPhoto } from '../codec/read/sizeOfPhoto';
import { throughJpeg } from '../codec/throughJpeg';
import { codecVersions } from '../codec/versions';
import { configFolder } from '../state/configFolder';
import { buildEngine } from './engine';
import { markEveryOf } from '../jobs/upscale/canvas';
import { gaugesOf } from '../metrics/gauges';
import { SpentBuffers } from '../pixels/spentBuffers';
import { similarityOn } from '../metrics/similarity';
import { PixelWorkers } from '../pixels/workers';
import { findResources } from '../methods/resources';
import { processPort } from './port';
import { refusing, Server, type Answers } from './server';
import type { Pulse } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { hungFileIn } from '../watch/hungRuns';
import { VitalSigns } from '../watch/vitalSigns';
import { patienceOf, pulseOf, startWatchdog } from '../watch/watchdog';
import { onnxRuntime } from '../runtime/onnxRuntime';

/** The codec, whose foreign decoders and encoders run in threads of the module `entry`. */
const codecOf = (entry: URL): Codec => ({
  openPhoto: (path, options) => openPhoto(path, { ...options, decoders: entry }),
  readWhole: (path, options) => readWhole(path, { ...options, decoders: entry }),
  listImages,
  displayTable,
  planEncoding,
  expectPlace,
  expectRoom,
  createScratch,
  reopenScratch,
  encodePhoto: (scratch, metadata, encoding, target, options) =>
    encodePhoto(scratch, metadata, encoding, target, { ...options, encoders: entry }),
  writeGainMap,
  sizeOfPhoto: (path, options) => sizeOfPhoto(path, { ...options, decoders: entry }),
  throughJpeg,
});

/** Puts the real parts together and serves the parent process; `entry` is the module that runs as a worker too. */
export async function start(entry: URL): Promise<void> {
  const port = processPort(() => process.exit(0));
  // A terminal's interrupt reaches every process of its group; when the engine goes is the door's decision.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => process.exit(0)); // and with it the scratch folder
  const signs = new VitalSigns();
  const endStart = signs.begin();
  const busy: Busy = { isBusy: () => true };
  const pulse = (): Pulse => pulseOf(signs, busy.isBusy(), patienceOf(process.env));
  const server = new Server(port, () => signs.begin(), pulse);
  await server.serve(await answersOrFault(entry, server, signs, busy));
  endStart();
}

/** Whether work is under way that nobody marked. */
interface Busy {
  isBusy: () => boolean;
}

/** What the engine answers; where it cannot be built, the reason as the answer to every call. */
async function answersOrFault(entry: URL, server: Server, signs: VitalSigns, busy: Busy): Promise<Answers> {
  try {
    return await build(entry, server, signs, busy);
  } catch (error) {
    return refusing(faultOf(error));
  }
}

async function build(entry: URL, server: Server, signs: VitalSigns, busy: Busy): Promise<Answers> {
  const buffers = new SpentBuffers();
  const home = configFolder();
  const hungFile = hungFileIn(home);
  // A debugger holds the process still, and nobody is to be blamed.
  if (inspector.url() === undefined) startWatchdog(entry, signs, hungFile, () => busy.isBusy());
  const [scratch, resources] = await Promise.all([
    openScratchFolder(),
    findResources(dirname(fileURLToPath(entry))),
  ]);
  return buildEngine({
    files: codecOf(entry),
    resources,
    runtime: onnxRuntime,
    codec: codecVersions(),
    configFolder: home,
    scratchFolder: scratch.path,
    scratchRoot: scratchRoot(),
    buffers,
    pixels: new PixelWorkers(entry, buffers),
    notice: (sentence) => server.notice(sentence),
    methodsChanged: (changes) => server.tell({ event: 'methods:changed', changes: [...changes] }),
    tellEach: (eventFor) => server.tellEach(eventFor),
    gauges: (openGraph) => gaugesOf({ home, resources, env: process.env }, openGraph),
    openSimilarity: similarityOn(entry),
    exact: process.env.ENLARGER_EXACT === '1',
    markEveryMs: markEveryOf(process.env),
    sample: join(resources ?? '', 'sample', 'chart.png'),
    watch: { signs, hungFile, patience: patienceOf(process.env) },
    onBuilt: ({ store, queue }) => {
      busy.isBusy = () => !queue.idle;
      process.on('exit', () => store.endTrial());
    },
  });
}
