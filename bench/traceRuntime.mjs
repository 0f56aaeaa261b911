/**
 * Loaded into the engine by `--import`: notes every session's file and options, and every run's shape and
 * time, so that the very same runs can be repeated bare. Written to ENLARGER_BENCH_TRACE at every SIGUSR2.
 */
import './silenceRuntime.mjs';
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { InferenceSession } = createRequire(import.meta.url)('onnxruntime-node');
const trace = { sessions: [], runs: [] };
const create = InferenceSession.create.bind(InferenceSession);

/** Where a session's model lies; one that was put together in memory is written beside the trace. */
function fileOf(model) {
  if (typeof model === 'string') return model;
  const path = `${process.env.ENLARGER_BENCH_TRACE}.${trace.sessions.length}.onnx`;
  writeFileSync(path, model);
  return path;
}

InferenceSession.create = async (model, options, ...rest) => {
  const session = await create(model, options, ...rest);
  const index = trace.sessions.push({ model: fileOf(model), options }) - 1;
  const run = session.run.bind(session);
  session.run = async (feeds, ...more) => {
    const start = performance.now();
    const result = await run(feeds, ...more);
    const shapes = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, [tensor.dims, tensor.type]]),
    );
    trace.runs.push({ session: index, shapes, start, milliseconds: performance.now() - start });
    return result;
  };
  return session;
};

process.on('SIGUSR2', () => {
  const path = process.env.ENLARGER_BENCH_TRACE;
  writeFileSync(`${path}.part`, JSON.stringify(trace));
  renameSync(`${path}.part`, path);
  trace.runs = [];
});
