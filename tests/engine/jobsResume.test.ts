import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobLine, JobOrderInput } from '../../src/shared/contract';
import { JobKeeper } from '../../src/shared/link/jobKeeper';
import { seeded } from '../unit/seeded';
import { buildEngineModule, endOf, startEngine, startJob, valueOf, type RunningEngine } from './builtEngine';

/** Enlargements whose engine dies: the real one, in a process of its own, as it ships. */
let entry: string;
let folder: string;
let home: string;
let photo: string;
let whole: Buffer;
const engines: RunningEngine[] = [];

const scratch = (): string => join(home, 'scratch');
const ledger = (): string[] =>
  existsSync(join(home, 'jobs')) ? readdirSync(join(home, 'jobs')).filter((name) => name !== 'engines') : [];
const jobFolders = (): string[] => readdirSync(scratch()).filter((name) => name.startsWith('enlarger-job-'));
const leftovers = (): string[] => readdirSync(folder).filter((name) => name.includes('.part-'));

async function engine(): Promise<RunningEngine> {
  const started = await startEngine(entry, home);
  engines.push(started);
  return started;
}

/** Ends an engine's process without a word, and its link before it can start another. */
async function killForGood(running: RunningEngine): Promise<void> {
  const ended = new Promise((done) => running.child().once('exit', done));
  running.child().kill('SIGKILL');
  await ended;
  await running.close();
  engines.splice(engines.indexOf(running), 1);
}

async function order(
  running: RunningEngine,
  output: string,
  more: Partial<JobOrderInput<'upscale'>> = {},
): Promise<JobOrderInput<'upscale'>> {
  const { photo: token } = valueOf(
    await running.link.call('test', 'photo:open', { photo: 'photo-a', path: photo }),
  );
  return {
    enlargement: { photo: token, method: { id: 'srcnn' }, scale: 2, options: {} },
    device: 'cpu',
    encoding: { format: 'png' },
    output: { path: output, overwrite: false },
    ...more,
  };
}

const path = (name: string): string => join(folder, name);
/** Until a mark says that some tiles are on disk. */
const someMarked = (job: string): Promise<void> =>
  expect
    .poll(() => readFileSync(join(home, 'jobs', job, 'journal'), 'utf8').includes('"mark":"tiles"'), {
      timeout: 50_000,
      interval: 20,
    })
    .toBe(true);

beforeAll(async () => {
  entry = await buildEngineModule();
  folder = await mkdtemp(join(tmpdir(), 'enlarger-resume-'));
  home = await mkdtemp(join(tmpdir(), 'enlarger-resume-home-'));
  photo = path('photo.png');
  const [width, height] = [800, 600];
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 7 + (i >> 9) * 13) & 255;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(photo);
  const running = await engine();
  const reference = await startJob(running, 'upscale', await order(running, path('whole.png')));
  valueOf(await reference.ended);
  whole = await readFile(path('whole.png'));
  await running.close();
  engines.length = 0;
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
  await rm(dirname(entry), { recursive: true, force: true });
});
afterEach(async () => {
  for (const running of engines.splice(0)) await running.close();
  await rm(home, { recursive: true, force: true });
});

describe('an engine that is killed', () => {
  const random = seeded(10);

  it.each([1, 2, 3, 4, 5])(
    'in the middle, at a random place (%d of 5): the file is the same to the byte',
    async (n) => {
      const running = await engine();
      const keeper = new JobKeeper(running.link, () => undefined);
      const output = path(`killed-${n}.png`);
      const { line } = await startJob(running, 'upscale', await order(running, output));
      keeper.started('test', line);
      // The last two in the encoding, the others among the tiles.
      const share = random.real(0.1, 0.9);
      await running.event('job:progress', ({ stage, done, total }) =>
        n > 3 ? stage === 'encode' : done >= share * total,
      );
      if (n > 3) await expect.poll(() => leftovers().length, { interval: 1 }).toBe(1);
      const again = running.restarted();
      running.child().kill('SIGKILL');
      await keeper.engineLost(await again, true);
      const done = valueOf(await endOf<'upscale'>(running, line.job));
      expect([done.width, done.height]).toEqual([1600, 1200]);
      expect(readFileSync(output).equals(whole)).toBe(true);
      expect([ledger(), jobFolders(), leftovers()]).toEqual([[], [], []]);
    },
  );
});

it('a job over which two engines died is given up, and named', async () => {
  const running = await engine();
  const ends: JobLine[] = [];
  const keeper = new JobKeeper(running.link, (_client, event) => {
    if (event.event === 'job:ended') ends.push(event.line);
  });
  const { line } = await startJob(running, 'upscale', await order(running, path('deadly.png')));
  keeper.started('test', line);
  const begun = (): number =>
    readFileSync(join(home, 'jobs', line.job, 'journal'), 'utf8').split('"record":"taken"').length - 1;
  for (const times of [1, 2]) {
    await expect.poll(begun, { timeout: 30_000, interval: 1 }).toBe(times);
    const again = running.restarted();
    running.child().kill('SIGKILL');
    await keeper.engineLost(await again, true);
  }
  expect(await endOf(running, line.job)).toMatchObject({
    fault: { code: 'engine-lost', message: expect.stringMatching(/2 times .* photo\.png/) as string },
  });
  expect([ledger(), jobFolders(), leftovers(), ends]).toEqual([[], [], [], []]);
});

describe('a job whose engine is gone for good', () => {
  /** A job that an engine left behind with some tiles marked. */
  async function broken(name: string): Promise<string> {
    const running = await engine();
    const { line } = await startJob(running, 'upscale', await order(running, path(name)));
    await someMarked(line.job);
    await killForGood(running);
    return line.job;
  }

  it('is offered at the next start, not started unasked, and ends the same', async () => {
    const job = await broken('offered.png');
    const next = await engine();
    const [line] = valueOf(await next.link.call('page', 'jobs:list', {}));
    expect(line).toMatchObject({ job, state: 'broken', title: 'photo.png', kind: 'upscale' });
    expect(line!.progress!.done).toBeGreaterThan(0);
    expect(line!.progress!.done).toBeLessThan(line!.progress!.total + 1);
    // A death in the middle of a record, too.
    appendFileSync(join(home, 'jobs', job, 'journal'), '1234abcd {"record":"mark","ma');
    expect(valueOf(await next.link.call('page', 'job:resume', { job }))).toMatchObject({ mine: true });
    valueOf(await endOf(next, job));
    expect(readFileSync(path('offered.png')).equals(whole)).toBe(true);
    expect([ledger(), jobFolders(), leftovers()]).toEqual([[], [], []]);
  });

  it('whose photo was changed says so, and begins anew or is dropped', async () => {
    const job = await broken('changed.png');
    const { mtimeMs } = statSync(photo);
    utimesSync(photo, new Date(), new Date(mtimeMs + 5000));
    const next = await engine();
    const refused = await next.link.call('page', 'job:resume', { job });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'bad-option' } });
    expect(JSON.stringify(refused)).toMatch(/photo\.png as it was .*begin the job anew, or drop it/);
    expect(ledger()).toEqual([job]);
    valueOf(await next.link.call('page', 'job:resume', { job, anew: true }));
    valueOf(await endOf(next, job));
    expect(readFileSync(path('changed.png')).equals(whole)).toBe(true);
  });

  it('is dropped with all that it left', async () => {
    const job = await broken('dropped.png');
    const next = await engine();
    expect(jobFolders()).toHaveLength(1);
    valueOf(await next.link.call('page', 'job:drop', { job }));
    expect([ledger(), jobFolders(), existsSync(path('dropped.png'))]).toEqual([[], [], false]);
    expect(valueOf(await next.link.call('page', 'jobs:list', {}))).toEqual([]);
  });

  it('is taken by one of two engines, and is the other one\'s "elsewhere"', async () => {
    const job = await broken('two.png');
    const [one, two] = [await engine(), await engine()];
    const results = await Promise.all([one, two].map(({ link }) => link.call('page', 'job:resume', { job })));
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const loser = results[0]!.ok ? two : one;
    const [line] = valueOf(await loser.link.call('page', 'jobs:list', {}));
    expect(line).toMatchObject({ job, state: 'elsewhere' });
    const winner = results[0]!.ok ? one : two;
    valueOf(await winner.link.call('page', 'job:stop', { job }));
    expect(await endOf(winner, job)).toMatchObject({ fault: { code: 'stopped' } });
    expect([ledger(), jobFolders()]).toEqual([[], []]);
  });
});

describe('a job that runs', () => {
  it('is held between two tiles and goes on to the same file', async () => {
    const running = await engine();
    const { line, ended } = await startJob(running, 'upscale', await order(running, path('paused.png')));
    await running.event('job:progress', ({ done }) => done > 1);
    valueOf(await running.link.call('test', 'job:pause', { job: line.job }));
    const [held] = valueOf(await running.link.call('test', 'jobs:list', {}));
    expect(held).toMatchObject({ job: line.job, state: 'paused' });
    expect(valueOf(await running.link.call('test', 'job:resume', { job: line.job }))).toMatchObject({
      state: expect.stringMatching(/queued|running/) as string,
    });
    valueOf(await ended);
    expect(readFileSync(path('paused.png')).equals(whole)).toBe(true);
  });

  it('keeps what a page sent, which its door deletes', async () => {
    const running = await engine();
    const copy = path('upload');
    copyFileSync(photo, copy);
    const asked = { photo: 'photo-b', path: copy, name: 'upload.png', temporary: true };
    const opened = valueOf(await running.link.call('test', 'photo:open', asked));
    const { line } = await startJob(running, 'upscale', {
      enlargement: { photo: opened.photo, method: { id: 'srcnn' }, scale: 2, options: {} },
      device: 'cpu',
      encoding: { format: 'png' },
      output: { path: path('upload.out.png'), overwrite: false },
    });
    rmSync(copy);
    await someMarked(line.job);
    await killForGood(running);
    const next = await engine();
    const output = { path: path('elsewhere.png'), overwrite: false };
    valueOf(await next.link.call('page', 'job:resume', { job: line.job, output }));
    valueOf(await endOf(next, line.job));
    expect(readFileSync(output.path).equals(whole)).toBe(true);
    expect(existsSync(path('upload.out.png'))).toBe(false);
  });
});
