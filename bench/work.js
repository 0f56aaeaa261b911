import sharp from 'sharp';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';
import { processorSeconds } from './processes.js';
import { median } from './statistics.js';
import { runBare, takeTrace, watchedBy } from './trace.js';

const MODELS = new URL('../resources/models/', import.meta.url).pathname;
/** Sizes of the output, divisible by every scale. */
const SIZES = [
  { megapixels: 1.5, width: 1440, height: 1056 },
  { megapixels: 12, width: 4032, height: 3024 },
];
/** An untiled run beyond this is not made. */
const MEMORY_BYTES = 4 * 2 ** 30;
/** The runtime's peak over what is alive in the graph (docs/performance.md). */
const RUNTIME_COPIES = 2;
/** Of methods whose graphs' values were not counted. */
const USUAL_LIVE_BYTES = 8192;
/** Longer work than this, in multiplications, is counted but not timed: a minute or so on two cores. */
const TIMED_MACS = 3e12;

/** No further round of a row begins after this. */
const ROUNDS_MS = 120_000;

/** Pixels of all pictures that a run is given. */
const area = ([pictures, , height, width]) => pictures * height * width;
/** Means of channels, which a network is given for a whole photo, have one number a channel. */
const isPicture = (dims) => dims.length === 4 && dims[2] * dims[3] > 1;
const isDecoder = (shapes) => 'features' in shapes;
/** Of what stands for a whole photo, which takes next to nothing. */
const isPrior = (shapes) => 'patches' in shapes;

/** Multiplications a pixel of the graphs that read pictures, by the channels of what they read. */
function sourceCosts(implicit) {
  const { source, macsPerPixel } = implicit;
  const reads = source.map((_, k) => (k === 0 ? 3 : source[k - 1].channels));
  const known = source.every((graph) => graph.macsPerPixel !== undefined);
  // Where they are known of all together, by what the first one reads.
  return known ? source.map((graph, k) => [reads[k], graph.macsPerPixel]) : [[reads[0], macsPerPixel.source]];
}

/** What one enlargement by a method needs: its graphs' costs, and how many pixels they read and make. */
function needsOf(manifest, scale, { width, height }) {
  const output = width * height;
  const photo = output / scale ** 2;
  if (manifest.implicit) {
    const { macsPerPixel, liveBytesPerPixel: live } = manifest.implicit;
    const costs = new Map(sourceCosts(manifest.implicit));
    return { costs, perOutput: macsPerPixel.output, pixels: photo, output, live };
  }
  const file =
    manifest.files.find((one) => one.scale === scale) ?? manifest.files.find((one) => one.scale === 0);
  const pixels = manifest.kind === 'preUpsampled' ? output : photo;
  const costs = new Map([[manifest.channels === 'y' ? 1 : 3, file.macsPerPixel]]);
  const perSample = file.means?.macsPerPixel;
  return { costs, perOutput: 0, pixels, output, live: file.liveBytesPerPixel, perSample };
}

/** Multiplications of each graph once over the whole picture. */
const macsNeeded = ({ costs, perOutput, pixels, output }) =>
  [...costs.values()].reduce((sum, cost) => sum + cost * pixels, perOutput * output);

/** Multiplications in a list of runs, by the sizes of their inputs. */
function macsIn({ costs, perOutput, perSample }, runs) {
  const macs = (shapes) => {
    if (isDecoder(shapes)) return perOutput * shapes.rowIndex[1] * shapes.columnIndex[1];
    if (isPrior(shapes)) return 0;
    const picture = Object.values(shapes)[0];
    const cost = perSample && picture[0] > 1 ? perSample : costs.get(picture[1]);
    return picture.length === 4 ? (cost ?? 0) * area(picture) : 0;
  };
  return runs.reduce((sum, shapes) => sum + macs(shapes), 0);
}

/**
 * The trace with every network once over the whole picture in the place of its tiles; decoders as they ran. What samples
 * tell of a picture, several in a run, the network finds by itself there.
 */
function untiled({ sessions, runs }, { width, height }) {
  const seen = new Set();
  const whole = [];
  for (const run of runs) {
    const [[first]] = Object.values(run.shapes);
    if (isDecoder(run.shapes)) whole.push(run);
    else if (isPicture(first) && first[0] > 1 && !isPrior(run.shapes)) continue;
    else if (!seen.has(run.session)) {
      seen.add(run.session);
      const shapes = Object.fromEntries(
        Object.entries(run.shapes).map(([name, [dims, type]]) => [
          name,
          [isPicture(dims) ? [1, dims[1], height, width] : dims, type],
        ]),
      );
      whole.push({ ...run, shapes });
    }
  }
  return { sessions, runs: whole };
}

/** Processor seconds that a piece of work of this process takes. */
async function spentOn(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Processor seconds that the files alone take: the source decoded, the result encoded as the engine encodes it. */
async function fileSeconds(source, output) {
  const { data, info } = await sharp(output).raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const decoding = await spentOn(() => sharp(source).raw().toBuffer());
  const encoding = await spentOn(() =>
    sharp(data, { raw }).tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
  );
  return decoding + encoding;
}

/** Processor seconds of the engine while it enlarges once. */
async function jobSeconds(engine, ...order) {
  const before = processorSeconds(engine.child.pid);
  await engine.enlarge(...order);
  return processorSeconds(engine.child.pid) - before;
}

/**
 * Processor seconds of the engine's first job and of the same once more, which finds its code compiled; of one untiled
 * run; of the files alone; and the engine's peak memory after the first.
 */
async function timed(folder, source, method, scale, input) {
  const tracePath = join(folder, 'work-trace.json');
  const engine = new Engine(join(folder, 'work-home'), watchedBy('traceRuntime.mjs', tracePath));
  try {
    await engine.ready;
    const output = join(folder, 'work.tiff');
    const small = join(folder, 'work-warm-up.png');
    await drawPhotograph(small, 96, 96);
    await engine.enlarge(small, method, scale, output);
    await takeTrace(engine, tracePath);
    const spent = await jobSeconds(engine, source, method, scale, output);
    const peakMiB = engine.peakMemoryMiB();
    const trace = await takeTrace(engine, tracePath);
    const again = await jobSeconds(engine, source, method, scale, output);
    await takeTrace(engine, tracePath);
    writeFileSync(tracePath, JSON.stringify(untiled(trace, input)));
    const bare = await runBare(tracePath, 'once');
    const files = await fileSeconds(source, output);
    return { spent, again, files, untiled: bare.processorMilliseconds / 1000, peakMiB };
  } finally {
    await engine.close();
  }
}

async function measure(folder, counting, countPath, { manifest, scale }, size, rounds) {
  const source = join(folder, `work-${size.megapixels}-x${scale}.png`);
  const photo = { width: size.width / scale, height: size.height / scale };
  await drawPhotograph(source, photo.width, photo.height);
  const needs = needsOf(manifest, scale, size);
  const needed = macsNeeded(needs);
  await takeTrace(counting, countPath);
  await counting.enlarge(source, manifest.id, scale, join(folder, 'work.tiff'));
  const done = macsIn(needs, await takeTrace(counting, countPath));
  const row = {
    method: manifest.id,
    scale,
    megapixels: size.megapixels,
    'work done / needed': Number((done / needed).toFixed(3)),
    rounds: 0,
    'processor s': null,
    'processor / untiled': null,
    'of it files s': null,
    'without files / untiled': null,
    'own, of expected': null,
    'own, once more': null,
    'peak MiB': null,
  };
  const bytes = RUNTIME_COPIES * (needs.live ?? USUAL_LIVE_BYTES) * needs.pixels;
  if (rounds === 0 || process.platform !== 'linux' || done > TIMED_MACS || bytes > MEMORY_BYTES) return row;
  const input = manifest.kind === 'preUpsampled' ? size : photo;
  const times = [];
  const begun = performance.now();
  while (times.length < rounds && (times.length === 0 || performance.now() - begun < ROUNDS_MS))
    times.push(await timed(folder, source, manifest.id, scale, input));
  const middle = (of, digits = 2) => Number(median(times.map(of)).toFixed(digits));
  const own = (seconds, { files, untiled: whole }) => (seconds - files) / ((whole * done) / needed) - 1;
  return {
    ...row,
    rounds: times.length,
    'processor s': middle(({ spent }) => spent, 1),
    'processor / untiled': middle(({ spent, untiled: whole }) => spent / whole),
    'of it files s': middle(({ files }) => files, 1),
    'without files / untiled': middle(({ spent, files, untiled: whole }) => (spent - files) / whole),
    'own, of expected': middle((one) => own(one.spent, one)),
    'own, once more': middle((one) => own(one.again, one)),
    'peak MiB': middle(({ peakMiB }) => peakMiB, 0),
  };
}

/**
 * What tiles cost: multiplications done over those that one run over the whole picture needs (counted exactly, from
 * the sizes of all runs), and processor time of the whole job, from file to file, over that of this one run alone,
 * where it fits into memory and is done within a minute or so; once more without what decoding and encoding the two
 * files takes, which no network changes. What that is more than the untiled run times the work of the tiles is the
 * engine's own, told as a share of it, in the engine's first job of the kind and in its next. Medians of so many
 * `rounds`, each with an engine of its own (0: nothing is timed). Methods are measured at x2, or the least that they
 * make; one named `ID@SCALE` at that scale.
 */
export async function measureWork(folder, methods, rounds) {
  const countPath = join(folder, 'work-count.json');
  const counting = new Engine(join(folder, 'work-count-home'), watchedBy('countRuntime.mjs', countPath));
  try {
    await counting.ready;
    const rows = [];
    for (const id of readdirSync(MODELS)) {
      const chosen = methods.map((one) => one.split('@')).find(([name]) => name === id);
      if (methods.length > 0 && !chosen) continue;
      const manifest = JSON.parse(readFileSync(join(MODELS, id, 'manifest.json'), 'utf8'));
      const usual = manifest.scales.includes(2) ? 2 : Math.min(...manifest.scales);
      const scale = Number(chosen?.[1] ?? usual);
      for (const size of SIZES)
        rows.push(await measure(folder, counting, countPath, { manifest, scale }, size, rounds));
    }
    return rows;
  } finally {
    await counting.close();
  }
}
