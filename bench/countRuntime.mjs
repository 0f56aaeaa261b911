/**
 * Loaded into the engine by `--import`: runs of the runtime are counted and not made, where their outputs are of
 * known size. What tiles of a method read is then known exactly, in seconds, however slow the method is. The
 * sizes of all inputs since the last time are written to ENLARGER_BENCH_TRACE at every SIGUSR2.
 */
import './silenceRuntime.mjs';
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { InferenceSession } = createRequire(import.meta.url)('onnxruntime-node');
let runs = [];
const create = InferenceSession.create.bind(InferenceSession);

InferenceSession.create = async (...given) => {
  const session = await create(...given);
  const run = session.run.bind(session);
  session.run = async (feeds, fetches, ...more) => {
    runs.push(Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims])));
    const isKnown = Object.values(fetches ?? {}).every((tensor) => tensor !== null);
    if (!fetches || !isKnown) return run(feeds, fetches, ...more);
    // The engine refuses networks that make one flat colour of a photo.
    for (const { data } of Object.values(fetches))
      for (let k = 0; k < data.length; k++) data[k] = (k % 251) / 251;
    return fetches;
  };
  return session;
};

process.on('SIGUSR2', () => {
  const path = process.env.ENLARGER_BENCH_TRACE;
  writeFileSync(`${path}.part`, JSON.stringify(runs));
  renameSync(`${path}.part`, path);
  runs = [];
});
