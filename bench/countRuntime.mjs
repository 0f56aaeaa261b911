/**
 * Loaded into the engine by `--import`: runs of the runtime are counted and not made, where their outputs are of
 * known size. What tiles of a method read is then known exactly, in seconds, however slow the method is. The trace
 * has the sizes of all inputs since the last time.
 */
import { watchRuntime } from './watchRuntime.mjs';

let runs = [];

function count(session) {
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
}

function take() {
  const taken = runs;
  runs = [];
  return taken;
}

watchRuntime(count, take);
