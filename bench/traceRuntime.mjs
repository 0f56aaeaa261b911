/**
 * Loaded into the engine by `--import`: notes every session's file and options, and every run's shape and
 * time, so that the very same runs can be repeated bare. The trace has all sessions, and the runs since the last time.
 */
import { writeFileSync } from 'node:fs';
import { TRACE, watchRuntime } from './watchRuntime.mjs';

const sessions = [];
let runs = [];

/** Where a session's model lies; one that was put together in memory is written beside the trace. */
function fileOf(model) {
  if (typeof model === 'string') return model;
  const path = `${TRACE}.${sessions.length}.onnx`;
  writeFileSync(path, model);
  return path;
}

function note(session, model, options) {
  const index = sessions.push({ model: fileOf(model), options }) - 1;
  const run = session.run.bind(session);
  session.run = async (feeds, ...more) => {
    const start = performance.now();
    const result = await run(feeds, ...more);
    const shapes = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, [tensor.dims, tensor.type]]),
    );
    runs.push({ session: index, shapes, start, milliseconds: performance.now() - start });
    return result;
  };
}

function take() {
  const taken = { sessions, runs };
  runs = [];
  return taken;
}

watchRuntime(note, take);
