import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Engine } from '../engine.js';
import { drawPhotograph } from '../photographs.js';
import { processorSeconds } from '../processes.js';
import { median } from '../statistics.js';
import { Torch } from './torch.js';

const SCALE = 2;
const METHODS = ['fsrcnn', 'edsr', 'enlarger-fast', 'enlarger'];
/** Small enough for PyTorch to hold all of EDSR's maps of the whole picture. */
const SIZE = { width: 768, height: 512 };
/** Before the first one that counts. */
const WARM_UPS = 1;

async function hasTorch(python) {
  const child = spawn(python, ['-c', 'import torch'], { stdio: 'ignore' });
  const [code] = await once(child, 'exit').catch(() => [1]);
  return code === 0;
}

/** Of two pictures: the largest difference in 8-bit steps. */
async function largestDifference(first, second) {
  const [a, b] = await Promise.all(
    [first, second].map((path) => sharp(path).removeAlpha().raw({ depth: 'uchar' }).toBuffer()),
  );
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((largest, value, k) => Math.max(largest, Math.abs(value - b[k])), 0);
}

/** Processor seconds so far; where they are not known (Linux alone tells), none. */
const spent = ({ child }) => (process.platform === 'linux' ? processorSeconds(child.pid) : NaN);

async function compare(engine, torch, folder, source, method, rounds) {
  const [ours, theirs] = ['enlarger', 'torch'].map((name) => join(folder, `${name}-${method}.tiff`));
  const times = [];
  const processor = [];
  for (let round = -WARM_UPS; round < rounds; round++) {
    const before = [engine, torch].map(spent);
    const pair = [
      await engine.enlarge(source, method, SCALE, ours),
      await torch.enlarge(method, source, theirs),
    ];
    const [own, other] = [engine, torch].map((one, k) => spent(one) - before[k]);
    if (round < 0) continue;
    times.push(pair);
    processor.push(other / own);
  }
  const ratios = times.map(([own, other]) => other / own);
  return {
    method,
    scale: SCALE,
    'torch / enlarger': Number(median(ratios).toFixed(2)),
    lowest: Number(Math.min(...ratios).toFixed(2)),
    highest: Number(Math.max(...ratios).toFixed(2)),
    'of the processor': Number(median(processor).toFixed(2)),
    milliseconds: Math.round(median(times.map(([own]) => own))),
    largestDifference: await largestDifference(ours, theirs),
  };
}

/**
 * File to file, side by side with PyTorch on the same CPU: eager, float32, the whole picture at once, the same
 * weights, as many threads as there are cores. Above 1 the application is faster; `of the processor`: in processor
 * seconds, which other programs change less. `chosen`: ids of methods, none for all. Needs a Python with torch and
 * training/requirements.txt, which ENLARGER_PYTHON names; without one, a sentence.
 */
export async function measurePeers(folder, rounds, chosen) {
  const methods = METHODS.filter((id) => chosen.length === 0 || chosen.includes(id));
  const python = process.env['ENLARGER_PYTHON'] ?? 'python3';
  if (!(await hasTorch(python)))
    return `${python} has no torch; name a Python that has training/requirements.txt in ENLARGER_PYTHON.`;
  const source = join(folder, 'peers.png');
  await drawPhotograph(source, SIZE.width, SIZE.height);
  const torch = new Torch(python, methods, SCALE, availableParallelism());
  const engine = new Engine(join(folder, 'peers-home'));
  try {
    await Promise.all([engine.ready, torch.ready()]);
    const rows = [];
    for (const method of methods) rows.push(await compare(engine, torch, folder, source, method, rounds));
    return rows;
  } finally {
    await Promise.all([engine.close(), torch.close()]);
  }
}
