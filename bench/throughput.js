import { join } from 'node:path';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';
import { median } from './statistics.js';
import { runBare, takeTrace, watchedBy } from './trace.js';

const OUTPUT = { width: 4000, height: 3000 };
/** Jobs before the first one that counts: sessions are opened, code is compiled. */
const WARM_UPS = 3;

/** One job; milliseconds of its enlarging stage by its progress events. */
async function enlarge(engine, folder, source, method, scale, name) {
  const times = [];
  const stop = engine.onEvent((event, at) => {
    if (event.event === 'job:progress' && event.stage === 'enlarge') times.push(at);
  });
  await engine.enlarge(source, method, scale, join(folder, 'throughput.tiff'));
  stop();
  return times.at(-1) - times[0];
}

/** Pipeline and bare runs in turn, round for round, so that a machine that wanders wanders for both. */
async function compare(folder, source, method, scale, rounds) {
  const tracePath = join(folder, 'trace.json');
  const engine = new Engine(join(folder, 'home'), watchedBy('traceRuntime.mjs', tracePath));
  try {
    await engine.ready;
    for (let i = 0; i < WARM_UPS; i++) await enlarge(engine, folder, source, method, scale, `warm-up-${i}`);
    const ratios = [];
    const speeds = [];
    for (let round = 0; round < rounds; round++) {
      await takeTrace(engine, tracePath);
      const pipelineMs = await enlarge(engine, folder, source, method, scale, `round-${round}`);
      await takeTrace(engine, tracePath);
      ratios.push((await runBare(tracePath)).milliseconds / pipelineMs);
      speeds.push((OUTPUT.width * OUTPUT.height) / 1000 / pipelineMs);
    }
    return {
      method,
      scale,
      ratio: Number(median(ratios).toFixed(3)),
      lowest: Number(Math.min(...ratios).toFixed(3)),
      highest: Number(Math.max(...ratios).toFixed(3)),
      megapixelsPerSecond: Number(median(speeds).toFixed(1)),
    };
  } finally {
    await engine.close();
  }
}

/**
 * Pipeline (read, convert, run, convert, write to scratch) against the same session runs with nothing around
 * them. `ratio` is bare / pipeline: 1 means that everything else costs nothing.
 */
export async function measureThroughput(folder, rounds) {
  const rows = [];
  for (const scale of [2, 4]) {
    const source = join(folder, `throughput-x${scale}.png`);
    await drawPhotograph(source, OUTPUT.width / scale, OUTPUT.height / scale);
    for (const method of ['fsrcnn', 'espcn']) rows.push(await compare(folder, source, method, scale, rounds));
  }
  return rows;
}
