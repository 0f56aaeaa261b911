import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Codec } from './answers';
import { displayTable } from '../codec/read/display';
import { encodePhoto } from '../codec/write/encode';
import { listImages } from '../codec/read/listImages';
import { openPhoto } from '../codec/read/open';
import { expectPlace } from '../codec/write/place';
import { expectRoom } from '../codec/write/room';
import { planEncoding } from '../codec/write/plan';
import { readWhole } from '../codec/read/readWhole';
import { createScratch } from '../codec/scratch/scratch';
import { openScratchFolder } from '../codec/scratch/scratchFolder';
import { codecVersions } from '../codec/versions';
import { configFolder } from '../state/configFolder';
import { buildEngine } from './engine';
import { loadLpips } from '../metrics/lpips';
import { findLpips } from '../metrics/lpipsFile';
import { SpentBuffers } from '../pixels/spentBuffers';
import { PixelWorkers } from '../pixels/workers';
import { findResources } from '../methods/resources';
import { processPort } from './port';
import { Server } from './server';
import { onnxRuntime } from '../runtime/onnxRuntime';

const files: Codec = {
  ...{ openPhoto, readWhole, listImages, displayTable },
  ...{ planEncoding, expectPlace, expectRoom, createScratch, encodePhoto },
};

/** Puts the real parts together and serves the parent process; `entry` is the module that runs as a worker too. */
export async function start(entry: URL): Promise<void> {
  const port = processPort(() => process.exit(0));
  // A terminal's interrupt reaches every process of its group; when the engine goes is the door's decision.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => process.exit(0)); // and with it the scratch folder
  const server = new Server(port);
  const buffers = new SpentBuffers();
  const [scratch, resources] = await Promise.all([
    openScratchFolder(),
    findResources(dirname(fileURLToPath(entry))),
  ]);
  const answers = await buildEngine({
    ...{ files, resources, runtime: onnxRuntime, codec: codecVersions() },
    configFolder: configFolder(),
    scratchFolder: scratch.path,
    buffers,
    pixels: new PixelWorkers(entry, buffers),
    notice: (sentence) => server.notice(sentence),
    openLpips: async (openGraph) => {
      const path = await findLpips({ home: configFolder(), resources, env: process.env });
      return path === undefined ? undefined : loadLpips(path, openGraph);
    },
    exact: process.env.ENLARGER_EXACT === '1',
    sample: join(resources ?? '', 'sample', 'chart.png'),
  });
  await server.serve(answers);
}
