import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';
import { median } from './statistics.js';

const OUTPUT = { width: 4000, height: 3000 };

/** One job in a fresh engine; the stages' milliseconds by its progress events, and the trace of its runs. */
async function runPipeline(folder, source, method, scale) {
  const tracePath = join(folder, 'trace.json');
  const engine = new Engine(join(folder, 'home'), {
    ENLARGER_BENCH_TRACE: tracePath,
    NODE_OPTIONS: `--import ${new URL('traceRuntime.mjs', import.meta.url).href}`,
  });
  const job = async (name) => {
    const times = {};
    const stop = engine.onEvent((event, at) => {
      if (event.event !== 'job:progress' || event.job !== name) return;
      times[event.stage] ??= { first: at, last: at };
      times[event.stage].last = at;
    });
    const { photo } = await engine.call('photo:open', { path: source });
    const start = performance.now();
    await engine.call('job:upscale', {
      job: name,
      photo,
      method,
      scale,
      device: 'cpu',
      options: {},
      encoding: { format: 'tiff' },
      output: { path: join(folder, `${name}.tiff`), overwrite: true },
    });
    stop();
    await engine.call('photo:close', { photo });
    return { times, total: performance.now() - start };
  };
  await engine.ready;
  await job('warm-up');
  const { times, total } = await job('measured');
  await engine.close();
  const trace = JSON.parse(readFileSync(tracePath, 'utf8'));
  // The measured job's runs are the second half: both jobs are the same.
  trace.runs = trace.runs.slice(-Math.floor(trace.runs.length / 2));
  writeFileSync(tracePath, JSON.stringify(trace));
  const inside = trace.runs.reduce((sum, run) => sum + run.milliseconds, 0);
  return { tracePath, enlargeMs: times.enlarge.last - times.enlarge.first, inside, total };
}

async function runBare(tracePath) {
  const child = fork(new URL('bareRuns.mjs', import.meta.url), [tracePath]);
  const [{ milliseconds }] = await once(child, 'message');
  return milliseconds;
}

/**
 * Pipeline (read, convert, run, convert, write to scratch) against the same session runs with nothing around
 * them, in turn. `ratio` is bare / pipeline: 1 means that everything else costs nothing.
 */
export async function measureThroughput(folder, rounds) {
  const rows = [];
  for (const scale of [2, 4]) {
    const source = join(folder, `throughput-x${scale}.png`);
    await drawPhotograph(source, OUTPUT.width / scale, OUTPUT.height / scale);
    for (const method of ['fsrcnn', 'espcn']) {
      const ratios = [];
      const speeds = [];
      const shares = [];
      for (let round = 0; round < rounds; round++) {
        const pipeline = await runPipeline(folder, source, method, scale);
        const bare = await runBare(pipeline.tracePath);
        ratios.push(bare / pipeline.enlargeMs);
        shares.push(pipeline.inside / pipeline.enlargeMs);
        speeds.push((OUTPUT.width * OUTPUT.height) / 1000 / pipeline.enlargeMs);
      }
      rows.push({
        method,
        scale,
        ratio: Number(median(ratios).toFixed(3)),
        shareInsideRuntime: Number(median(shares).toFixed(3)),
        megapixelsPerSecond: Number(median(speeds).toFixed(1)),
      });
    }
  }
  return rows;
}
