/**
 * `npm run bench:batch`: a folder of small photos with damaged ones among them, enlarged by a terminal that is killed
 * twice. In the end every good photo has its file, the same as from a run that nobody killed and as from a run of its
 * own, every bad one its sentence, and the engine's memory has not grown. `--photos N` (1,000), of which `--bad N`
 * (20), `--alone N` (25) compared with runs of their own, `--method ID` (bicubic), and `--json`. Ends with 1 where any
 * of this is not so.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import sharp from 'sharp';
import { childrenOf, memoryMiB } from './processes.js';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: '1000' },
    bad: { type: 'string', default: '20' },
    alone: { type: 'string', default: '25' },
    method: { type: 'string', default: 'bicubic' },
    json: { type: 'boolean', default: false },
  },
});
const [COUNT, BAD, ALONE] = [values.photos, values.bad, values.alone].map(Number);
/** Sides of the photos, from 40 x 30 up. */
const [WIDTH, HEIGHT] = [40, 30];
const FORMATS = ['png', 'jpg', 'webp', 'tif'];
const ENLARGER = new URL('../bin/enlarger.js', import.meta.url).pathname;
const SAMPLE_MS = 200;
const run = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), 'enlarger-batch-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const env = {
  ...process.env,
  ENLARGER_HOME: join(folder, 'home'),
  ENLARGER_SCRATCH: join(folder, 'scratch'),
};

/** The photos lie in folders of a hundred. */
const photoOf = (k) =>
  join('photos', `set ${Math.floor(k / 100)}`, `photo ${k}.${FORMATS[k % FORMATS.length]}`);

/** Draws the photos; every so many-th is cut off or no picture. Gives the bad ones' names. */
async function draw() {
  const bad = [];
  const every = Math.floor(COUNT / BAD);
  for (let k = 0; k < COUNT; k++) {
    const path = join(folder, photoOf(k));
    await mkdir(dirname(path), { recursive: true });
    const [width, height] = [WIDTH + (k % 9), HEIGHT + (k % 7)];
    const pixels = Buffer.alloc(width * height * 3);
    for (let i = 0; i < pixels.length; i++)
      pixels[i] = 128 + 90 * Math.sin(i / (5 + (k % 11))) + ((i * k) % 31);
    await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(path);
    if (bad.length < BAD && k % every === every - 1) {
      bad.push(basename(path));
      const whole = await readFile(path);
      await writeFile(path, bad.length % 2 === 0 ? 'no picture' : whole.subarray(0, whole.length / 3));
    }
  }
  return bad;
}

const what = ['--method', values.method, '--scale', '2', '--quiet'];
const batch = (output) => ['upscale', 'photos', '-o', output, ...what, '--skip-existing', '--json'];
const linesOf = (text) =>
  text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));

/** Runs the batch until `kill` photos are done, or to its end; the engine's memory by how many were done. */
async function enlarge(output, kill = Infinity) {
  const child = spawn(process.execPath, [ENLARGER, ...batch(output)], { cwd: folder, env });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
  const finished = () => linesOf(said.stdout).filter((line) => line.output && !line.skipped).length;
  const memory = [];
  const ended = new Promise((done) => child.once('close', (status) => done(status)));
  let running = true;
  void ended.then(() => (running = false));
  while (running) {
    const [engine] = childrenOf(child.pid);
    const used = engine && memoryMiB(engine, 'VmRSS');
    if (used !== undefined) memory.push({ done: linesOf(said.stdout).length, used });
    if (finished() >= kill) child.kill('SIGKILL');
    await Promise.race([ended, new Promise((next) => setTimeout(next, SAMPLE_MS))]);
  }
  return {
    status: await ended,
    finished: finished(),
    lines: linesOf(said.stdout),
    stderr: said.stderr,
    memory,
  };
}

const sumOf = async (path) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** Files below a folder by their path there, as sums of their bytes. */
async function sumsOf(path) {
  const sums = new Map();
  for (const name of await readdir(join(folder, path), { recursive: true })) {
    const file = join(folder, path, name);
    if ((await stat(file)).isFile()) sums.set(name, await sumOf(file));
  }
  return sums;
}

const bad = await draw();
const started = performance.now();
const first = await enlarge('large', COUNT / 4);
const second = await enlarge('large', COUNT / 3);
const last = await enlarge('large');
const seconds = (performance.now() - started) / 1e3;

const sums = await sumsOf('large');
const whole = await enlarge('unbroken');
const unbroken = await sumsOf('unbroken');
const wrong = [...unbroken].filter(([name, sum]) => sums.get(name) !== sum).map(([name]) => name);

const alone = [...sums.keys()].sort().filter((_, k, { length }) => k % Math.ceil(length / ALONE) === 0);
for (const name of alone) {
  const stem = basename(name, extname(name)).replace(`-${values.method}-x2`, '');
  const photo = photoOf(Number(/\d+$/.exec(stem)[0]));
  await run(process.execPath, [ENLARGER, 'upscale', photo, '-o', 'alone.png', ...what, '--overwrite'], {
    cwd: folder,
    env,
  });
  if ((await sumOf(join(folder, 'alone.png'))) !== sums.get(name)) wrong.push(name);
}

const errors = last.lines.filter(({ error }) => error !== undefined);
const named = bad.filter((name) =>
  errors.some(({ input, error }) => input.endsWith(name) && error.length > 0),
);
const { stdout: jobs } = await run(process.execPath, [ENLARGER, 'jobs', '--json'], { cwd: folder, env });
/** Of the run that nobody killed: the most in its second tenth of the photos, and in its last. */
const peak = (from, to) =>
  Math.round(
    whole.memory
      .filter(({ done }) => done >= from * COUNT && done <= to * COUNT)
      .reduce((most, { used }) => Math.max(most, used), 0),
  );
const found = {
  photos: COUNT,
  killedAfter: [first.finished, second.finished],
  files: sums.size,
  compared: { withAnUnbrokenRun: unbroken.size, withRunsAlone: alone.length, different: wrong.length },
  sentences: named.length,
  status: last.status,
  jobsLeft: JSON.parse(jobs).length,
  seconds: Math.round(seconds),
  engineMiB: { secondTenth: peak(0.1, 0.2), lastTenth: peak(0.9, 1) },
};
const holds =
  sums.size === COUNT - BAD &&
  unbroken.size === sums.size &&
  wrong.length === 0 &&
  named.length === BAD &&
  errors.length === BAD &&
  last.status === 1 &&
  found.jobsLeft === 0;
console.log(values.json ? JSON.stringify(found) : found);
if (!holds) console.log(`Not as it must be: ${[...wrong, last.stderr.slice(-2000)].join('\n')}`);
process.exitCode = holds ? 0 : 1;
