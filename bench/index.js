/**
 * `npm run bench`: ratios taken in one run on one machine, as tables and, with --json, as JSON on standard
 * output. `--only work,throughput,first-tile,memory,overlap,implicit,zoom,frames,settling,wandering,metrics,peers` measures a part, `--rounds N` changes
 * the repeats (0: `work` only counts), `--method ID,ID` chooses those of `work`, `settling` and `peers`, and the one of `zoom`. `wandering`
 * takes `--minutes N` (60) and is only measured when named; `frames` takes `--tiles N` (400), as many as shall come in
 * each of its rounds, and `--panes 1,9`, the rounds. `implicit` compares with LIIF's decoder as published, which `--published FILE` names; it is written by
 * `python -m training.export.published --method liif --out FILE`. `peers` is only measured when named: it needs a
 * Python with PyTorch, which ENLARGER_PYTHON names.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFirstTile } from './firstTile.js';
import { measureImplicit } from './implicit.js';
import { measureMemory } from './memory.js';
import { measureMetrics } from './metrics.js';
import { measureOverlap } from './overlap.js';
import { measureThroughput } from './throughput.js';
import { measureFrames } from './page/panning.js';
import { measureSettling } from './page/settling.js';
import { measureWandering } from './page/wandering.js';
import { measurePeers } from './peers/peers.js';
import { measureWork } from './work.js';
import { measureZoom } from './zoom.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: {
      type: 'string',
      default: 'work,throughput,first-tile,overlap,memory,implicit,zoom,frames,settling,metrics',
    },
    method: { type: 'string', default: '' },
    published: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '60' },
    tiles: { type: 'string', default: '400' },
    panes: { type: 'string', default: '1,9' },
  },
});
const rounds = Number(values.rounds);
const methods = values.method === '' ? [] : values.method.split(',');
const measurements = {
  work: (folder) => measureWork(folder, methods, rounds),
  throughput: (folder) => measureThroughput(folder, rounds),
  'first-tile': (folder) => measureFirstTile(folder, rounds),
  overlap: measureOverlap,
  memory: async (folder) => [
    ...(await measureMemory(folder, 'png')),
    ...(await measureMemory(folder, 'jpeg')),
  ],
  implicit: (folder) => measureImplicit(folder, rounds, values.published),
  zoom: (folder) => measureZoom(folder, rounds, methods),
  frames: (folder) => measureFrames(folder, Number(values.tiles), values.panes.split(',').map(Number)),
  settling: (folder) => measureSettling(folder, rounds, methods),
  wandering: (folder) => measureWandering(folder, Number(values.minutes)),
  metrics: (folder) => measureMetrics(folder, rounds),
  peers: (folder) => measurePeers(folder, rounds, methods),
};

const chosen = values.only.split(',');
const unknown = chosen.filter((name) => !Object.hasOwn(measurements, name));
if (unknown.length > 0) {
  console.error(
    `--only expects some of ${Object.keys(measurements).join(', ')}, received ${unknown.join(', ')}.`,
  );
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'enlarger-bench-'));
const report = { processor: cpus()[0].model.trim(), cores: cpus().length, node: process.version, rounds };
try {
  for (const name of chosen) {
    const rows = await measurements[name](folder);
    report[name] = rows;
    if (values.json) continue;
    console.log(`\n${name}`);
    if (typeof rows === 'string') console.log(`not measured: ${rows}`);
    else console.table(rows);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (values.json) console.log(JSON.stringify(report, null, 2));
