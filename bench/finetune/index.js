/**
 * `npm run bench:finetune`: what methods gain on a photo that they never learned from, when they learn from five more
 * of the same subject, and what a step costs beside the same step in PyTorch on the same CPU in the same run.
 * `--group charts,pages` chooses subjects (groups.js), `--photos FOLDER` takes the first six photos there instead;
 * `--method ID,ID`, `--minutes N` (of each training) or `--steps N`, and `--json`. ENLARGER_PYTHON names a Python
 * that has training/requirements.txt; without one nothing is held against PyTorch, and that is said.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { GROUP_NAMES, photosIn, photosOf } from './groups.js';
import { PeakWatch } from './peakWatch.js';

const SCALE = 2;
/** Of PyTorch, of which the median counts. */
const PEER_STEPS = 20;
const ROOT = new URL('../..', import.meta.url).pathname;

const { values } = parseArgs({
  options: {
    group: { type: 'string', default: GROUP_NAMES.join(',') },
    photos: { type: 'string', default: '' },
    method: { type: 'string', default: 'fsrcnn,espcn,enlarger-fast,edsr' },
    minutes: { type: 'string', default: '5' },
    steps: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const run = promisify(execFile);

/** What `enlarger finetune --json` says of a training, with the engine's peak memory in MiB beside it. */
async function trained(photos, method, home) {
  const budget = values.steps === '' ? ['--minutes', values.minutes] : ['--steps', values.steps];
  const what = ['--method', method, '--name', `bench ${method}`, '--scale', String(SCALE), '--loss', 'l1'];
  const child = execFile(
    process.execPath,
    [join(ROOT, 'bin/enlarger.js'), 'finetune', ...photos, ...what, ...budget, '--json'],
    { env: { ...process.env, ENLARGER_HOME: home }, maxBuffer: 2 ** 24 },
  );
  let out = '';
  let complaint = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (complaint += text));
  const watch = new PeakWatch(child.pid);
  await new Promise((ended) => child.once('close', ended));
  const megabytes = watch.end();
  if (out === '') throw new Error(complaint);
  return { ...JSON.parse(out), megabytes };
}

/** The same step in PyTorch (training/export/peer_step.py), or why it was not measured. */
async function peerStep(method) {
  const python = process.env['ENLARGER_PYTHON'] ?? 'python3';
  const what = ['--method', method, '--scale', String(SCALE), '--steps', String(PEER_STEPS)];
  const args = ['-m', 'training.export.peer_step', ...what, '--threads', String(availableParallelism())];
  try {
    return JSON.parse((await run(python, args, { cwd: ROOT })).stdout);
  } catch (error) {
    const why = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1);
    return `${why}; name a Python that has training/requirements.txt in ENLARGER_PYTHON`;
  }
}

const rounded = (value, digits) => (value === null ? null : Number(value.toFixed(digits)));

async function measured(photos, method, home) {
  // PyTorch before and after: what else the machine does then is seen.
  const first = await peerStep(method);
  const done = await trained(photos, method, home);
  const second = typeof first === 'string' ? first : await peerStep(method);
  const isMeasured = typeof first !== 'string' && typeof second !== 'string';
  const torch = isMeasured ? (first.secondsPerStep + second.secondsPerStep) / 2 : null;
  return {
    method,
    aside: done.kept.join(', '),
    minutes: rounded(done.seconds / 60, 1),
    steps: done.steps,
    'before dB': rounded(done.before.psnrY, 2),
    'gain dB': rounded(done.after.psnrY - done.before.psnrY, 3),
    kept: done.id !== null,
    'sample dB': rounded(done.general, 3),
    's/step': rounded(done.secondsPerStep, 4),
    'PyTorch s/step': torch === null ? String(second) : rounded(torch, 4),
    'PyTorch / enlarger': torch === null ? null : rounded(torch / done.secondsPerStep, 2),
    'engine MiB': done.megabytes,
    'PyTorch MiB': isMeasured ? second.megabytes : null,
  };
}

const groups = values.photos === '' ? values.group.split(',') : ['photos'];
const folder = resolve(values.photos === '' ? join(ROOT, '../shared/data/train') : values.photos);
const report = { processor: cpus()[0].model.trim(), cores: cpus().length, scale: SCALE };
const home = await mkdtemp(join(tmpdir(), 'enlarger-bench-finetune-'));
try {
  for (const group of groups) {
    const places = { folder, docs: join(ROOT, 'docs'), drawn: home };
    const found = values.photos === '' ? photosOf(group, places) : photosIn(folder);
    const photos = await found.catch(async (error) => {
      await rm(home, { recursive: true, force: true });
      console.error(`${error.message} Name a folder with --photos, or groups with --group.`);
      process.exit(2);
    });
    const rows = [];
    for (const method of values.method.split(',')) {
      rows.push(await measured(photos, method, home));
      if (!values.json) console.error(JSON.stringify(rows.at(-1)));
    }
    report[group] = { photos: photos.map((path) => basename(path)), rows };
    if (values.json) continue;
    console.log(`\n${group} at x${SCALE}: ${report[group].photos.join(', ')}`);
    console.table(rows);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
if (values.json) console.log(JSON.stringify(report, null, 2));
