import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
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
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobLine, JobOrderInput } from '../../src/shared/contract';
import { fileMark } from '../../src/engine/codec/write/place';
import { Journal } from '../../src/engine/jobs/journal';
import { JobKeeper } from '../../src/shared/link/jobKeeper';
import { endlessModel, writeNetwork } from '../fixtures/endlessModel';
import { seeded } from '../unit/seeded';
import { buildEngineModule, endOf, startEngine, startJob, valueOf, type RunningEngine } from './builtEngine';

/** Enlargements whose engine dies: the real one, in a process of its own, as it ships. */
let entry: string;
let folder: string;
let home: string;
let photo: string;
let whole: Buffer;
/** One link for all tests: it starts the next engine whenever one is killed. */
let running: RunningEngine;

const scratch = (): string => join(home, 'scratch');
const ledger = (): string[] =>
  existsSync(join(home, 'jobs')) ? readdirSync(join(home, 'jobs')).filter((name) => name !== 'engines') : [];
const jobFolders = (): string[] => readdirSync(scratch()).filter((name) => name.startsWith('enlarger-job-'));
const leftovers = (): string[] => readdirSync(folder).filter((name) => name.includes('.part-'));

/** Ends the engine's process without a word; resolves when the next one is being started, which is told of no job. */
async function kill(engine = running): Promise<string> {
  const again = engine.restarted();
  engine.child().kill('SIGKILL');
  return again;
}

async function order(
  output: string,
  more: Partial<JobOrderInput<'upscale'>> = {},
  engine = running,
): Promise<JobOrderInput<'upscale'>> {
  const { photo: token } = valueOf(
    await engine.link.call('test', 'photo:open', { photo: 'photo-a', path: photo }),
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
const journal = (job: string): string => readFileSync(join(home, 'jobs', job, 'journal'), 'utf8');
/** Neither ended nor gone from the ledger: while this process had no turn, the engine may have made all of it. */
const isUnfinished = (job: string): boolean =>
  existsSync(join(home, 'jobs', job, 'journal')) && !journal(job).includes('"record":"ended"');
/** How often it is tried to be in the middle of a job, on a machine that is busy with others. */
const TRIES = 10;
/** Until a mark says that some tiles are on disk. */
const someMarked = (job: string): Promise<void> =>
  expect.poll(() => journal(job).includes('"mark":"tiles"'), { interval: 5 }).toBe(true);
const jobs = async (): Promise<JobLine[]> => valueOf(await running.link.call('page', 'jobs:list', {}));

beforeAll(async () => {
  // With every tile: on a fast machine all would be made before the first mark.
  vi.stubEnv('ENLARGER_MARK_MS', '0');
  entry = await buildEngineModule(['srcnn']);
  await writeNetwork(join(dirname(entry), 'resources', 'models'), 'endless', endlessModel());
  folder = await mkdtemp(join(tmpdir(), 'enlarger-resume-'));
  home = await mkdtemp(join(tmpdir(), 'enlarger-resume-home-'));
  photo = path('photo.png');
  const [width, height] = [280, 210];
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 7 + (i >> 9) * 13) & 255;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(photo);
  running = await startEngine(entry, home);
  const reference = await startJob(running, 'upscale', await order(path('whole.png')));
  valueOf(await reference.ended);
  whole = await readFile(path('whole.png'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await running.close();
  await rm(folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
  await rm(dirname(entry), { recursive: true, force: true });
});
afterEach(() => expect([ledger(), jobFolders(), leftovers()]).toEqual([[], [], []]));

describe('an engine that is killed', () => {
  const random = seeded(10);

  it.each([1, 2, 3, 4, 5])(
    'in the middle, at a random place (%d of 5): the file is the same to the byte',
    async (n) => {
      const keeper = new JobKeeper(running.link, () => undefined);
      const output = path(`killed-${n}.png`);
      /** Starts the job and kills its engine; false: it was done before. */
      const inTheMiddle = async (): Promise<string | false> => {
        const { line, ended } = await startJob(running, 'upscale', await order(output));
        // The last two in the encoding, the others among the tiles.
        const share = random.real(0.1, 0.9);
        await running.event(
          'job:progress',
          ({ job, stage, done, total }) =>
            job === line.job && (n > 3 ? stage === 'encode' : done >= share * total),
        );
        const isThere = (): boolean => n <= 3 || leftovers().length === 1 || !isUnfinished(line.job);
        await expect.poll(isThere, { interval: 1 }).toBe(true);
        if (isUnfinished(line.job)) {
          keeper.started('test', line);
          const reason = await kill();
          await keeper.engineLost(reason, true);
          return line.job;
        }
        await ended;
        rmSync(output);
        return false;
      };
      let killed: string | false = false;
      for (let time = 0; time < TRIES && killed === false; time++) killed = await inTheMiddle();
      if (killed === false) throw new Error(`Expected the job to be met in the middle, in ${TRIES} tries.`);
      const done = valueOf(await endOf<'upscale'>(running, killed));
      expect([done.width, done.height]).toEqual([560, 420]);
      expect(readFileSync(output).equals(whole)).toBe(true);
    },
  );
});

it('a job over which two engines died is given up, and named', async () => {
  const ends: JobLine[] = [];
  const keeper = new JobKeeper(running.link, (_client, event) => {
    if (event.event === 'job:ended') ends.push(event.line);
  });
  const { line } = await startJob(running, 'upscale', await order(path('deadly.png')));
  keeper.started('test', line);
  const begun = (): number => journal(line.job).split('"record":"taken"').length - 1;
  for (const times of [1, 2]) {
    await expect.poll(begun, { interval: 1 }).toBe(times);
    await keeper.engineLost(await kill(), true);
  }
  expect(await endOf(running, line.job)).toMatchObject({
    fault: { code: 'engine-lost', message: expect.stringMatching(/2 times .* photo\.png/) as string },
  });
  expect(ends).toEqual([]);
});

it.skipIf(process.platform === 'win32')(
  'an engine whose process is stopped as a whole is ended by its door, and its job goes on (no signals on Windows)',
  async () => {
    // A hundredth of the usual patience: 3.5 s for one at work.
    const frozen = await startEngine(entry, home, { everySeconds: 0.1, patience: 0.01 });
    try {
      const keeper = new JobKeeper(frozen.link, () => undefined);
      const reasons: string[] = [];
      const lookAfter = async (): Promise<void> => {
        reasons.push(await frozen.restarted());
        void lookAfter();
        await keeper.engineLost(reasons.at(-1)!, true);
      };
      void lookAfter();
      const output = path('frozen.png');
      const { line } = await startJob(frozen, 'upscale', await order(output, {}, frozen));
      keeper.started('test', line);
      await someMarked(line.job);
      frozen.child().kill('SIGSTOP');
      valueOf(await endOf(frozen, line.job));
      expect(reasons[0]).toMatch(/^it gave no sign of life for \d+ s and was ended\nexit SIGKILL$/);
      expect(readFileSync(output).equals(whole)).toBe(true);
    } finally {
      await frozen.close();
    }
  },
);

describe('a job whose engine is gone for good', () => {
  /** A job that an engine left behind with some tiles marked; the next engine runs. */
  async function broken(name: string): Promise<string> {
    for (let time = 0; time < TRIES; time++) {
      const { line, ended } = await startJob(running, 'upscale', await order(path(name)));
      const isMarked = (): boolean => journal(line.job).includes('"mark":"tiles"');
      await expect.poll(() => !isUnfinished(line.job) || isMarked(), { interval: 5 }).toBe(true);
      if (isUnfinished(line.job)) {
        await kill();
        return line.job;
      }
      await ended;
      rmSync(path(name));
    }
    throw new Error(`Expected the job to be met in the middle, in ${TRIES} tries.`);
  }

  it('is offered at the next start, not started unasked, and ends the same', async () => {
    const job = await broken('offered.png');
    const [line] = await jobs();
    expect(line).toMatchObject({ job, state: 'broken', title: 'photo.png', kind: 'upscale' });
    expect(line!.progress!.done).toBeGreaterThan(0);
    expect(line!.progress!.done).toBeLessThan(line!.progress!.total + 1);
    // A death in the middle of a record, too.
    appendFileSync(join(home, 'jobs', job, 'journal'), '1234abcd {"record":"mark","ma');
    expect(valueOf(await running.link.call('page', 'job:resume', { job }))).toMatchObject({ mine: true });
    valueOf(await endOf(running, job));
    expect(readFileSync(path('offered.png')).equals(whole)).toBe(true);
  });

  it('whose photo was changed says so, and begins anew or is dropped', async () => {
    const job = await broken('changed.png');
    const { mtimeMs } = statSync(photo);
    utimesSync(photo, new Date(), new Date(mtimeMs + 5000));
    const refused = await running.link.call('page', 'job:resume', { job });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'bad-option' } });
    expect(JSON.stringify(refused)).toMatch(/photo\.png as it was .*begin the job anew, or drop it/);
    expect(ledger()).toEqual([job]);
    valueOf(await running.link.call('page', 'job:resume', { job, anew: true }));
    valueOf(await endOf(running, job));
    expect(readFileSync(path('changed.png')).equals(whole)).toBe(true);
  });

  it('is taken up by an order for the very same file, and by no other', async () => {
    const job = await broken('again.png');
    const start = async (more: Partial<JobOrderInput<'upscale'>>): Promise<JobLine> =>
      valueOf(
        await running.link.call('test', 'job:start', {
          kind: 'upscale',
          takeUp: true,
          order: await order(path('again.png'), more),
        }),
      );
    const other = await start({ encoding: { format: 'png', strip: 'all' } });
    expect(other.job).not.toBe(job);
    valueOf(await running.link.call('test', 'job:stop', { job: other.job }));
    await endOf(running, other.job);
    const line = await start({});
    expect(line.job).toBe(job);
    expect(line.progress!.done).toBeGreaterThan(0);
    valueOf(await endOf(running, job));
    expect(readFileSync(path('again.png')).equals(whole)).toBe(true);
  });

  it('gives way to the same order anew where its photo was changed', async () => {
    const job = await broken('anew.png');
    const { mtimeMs } = statSync(photo);
    utimesSync(photo, new Date(), new Date(mtimeMs + 5000));
    const asked = { kind: 'upscale', takeUp: true, order: await order(path('anew.png')) } as const;
    const line = valueOf(await running.link.call('test', 'job:start', asked));
    expect(line.job).not.toBe(job);
    valueOf(await endOf(running, line.job));
    expect(readFileSync(path('anew.png')).equals(whole)).toBe(true);
  });

  it('whose file had come into place is done: it is not offered, and nothing of it stays', async () => {
    const job = await broken('placed.png');
    // As far as a death between the move and the word of it: the file has two names, the folder beside it stays.
    const staging = path('.placed.png.part-0123abcd');
    mkdirSync(staging);
    copyFileSync(path('whole.png'), join(staging, 'picture'));
    const file = await fileMark(join(staging, 'picture'));
    linkSync(join(staging, 'picture'), path('placed.png'));
    const written = (await Journal.reopen(join(home, 'jobs', job)))!;
    await written.append({ record: 'mark', mark: { mark: 'staging', folder: staging } });
    await written.append({ record: 'mark', mark: { mark: 'placing', target: path('placed.png'), file } });
    await written.close();
    expect(await jobs()).toEqual([]);
    expect(readFileSync(path('placed.png')).equals(whole)).toBe(true);
  });

  it('is dropped with all that it left', async () => {
    const job = await broken('dropped.png');
    await jobs();
    expect(jobFolders()).toHaveLength(1);
    valueOf(await running.link.call('page', 'job:drop', { job }));
    expect(existsSync(path('dropped.png'))).toBe(false);
    expect((await jobs()).filter((line) => line.job === job)).toEqual([]);
  });

  it('is taken by one of two engines, and is the other one\'s "elsewhere" as long as that one lives, whose end is told', async () => {
    // Of a network whose run never ends, and is left alone: it cannot be over before the other engine looks.
    vi.stubEnv('ENLARGER_PATIENCE', '100');
    const asked = await order(path('two.png'));
    const enlargement = { ...asked.enlargement, method: { id: 'endless' } };
    const { job } = (await startJob(running, 'upscale', { ...asked, enlargement })).line;
    await expect.poll(() => journal(job).includes('"record":"taken"'), { interval: 5 }).toBe(true);
    await kill();
    const other = await startEngine(entry, home);
    vi.stubEnv('ENLARGER_PATIENCE', undefined);
    try {
      const results = await Promise.all(
        [running, other].map(({ link }) => link.call('page', 'job:resume', { job })),
      );
      expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
      const [winner, loser] = results[0]!.ok ? [running, other] : [other, running];
      const listed = async () =>
        valueOf(await loser.link.call('page', 'jobs:list', {})).find((line) => line.job === job)?.state;
      expect(await listed()).toBe('elsewhere');
      loser.forget();
      await kill(winner);
      await loser.event('jobs:changed'); // told, although nothing else changed here
      expect(await listed()).toBe('broken');
      valueOf(await loser.link.call('page', 'job:drop', { job }));
    } finally {
      await other.close();
    }
  });
});

describe('a job that fails and is kept', () => {
  const start = async (name: string, keepsFailure: boolean): Promise<string> => {
    const asked = { kind: 'upscale', keepsFailure, order: await order(path(name)) } as const;
    // Somebody else's file comes to where this one goes: it is not written over.
    copyFileSync(photo, path(name));
    const { job } = valueOf(await running.link.call('test', 'job:start', asked));
    expect(await endOf(running, job)).toMatchObject({ ok: false });
    return job;
  };

  it('is listed with its sentence, also by the next engine, begins anew to the same file, and is gone then', async () => {
    const job = await start('kept.png', true);
    const lineOf = async () => (await jobs()).find((line) => line.job === job);
    const listed = { state: 'failed', mine: true, fault: { code: 'output-exists' } };
    expect(await lineOf()).toMatchObject(listed);
    await kill();
    expect(await lineOf()).toMatchObject(listed);
    rmSync(path('kept.png'));
    valueOf(await running.link.call('page', 'job:resume', { job }));
    await expect.poll(async () => (await lineOf())?.state).toBe('done');
    expect(readFileSync(path('kept.png')).equals(whole)).toBe(true);
    await expect.poll(ledger).toEqual([]); // it leaves the ledger after it was told to be done
  });

  it('is dropped from the list, and never listed where nobody asked for it', async () => {
    const job = await start('dismissed.png', true);
    valueOf(await running.link.call('page', 'job:drop', { job }));
    const unasked = await start('unasked.png', false);
    await kill();
    expect((await jobs()).filter((line) => line.job === job || line.job === unasked)).toEqual([]);
  });
});

describe('a job that runs', () => {
  it('is held between two tiles and goes on to the same file', async () => {
    const { line, ended } = await startJob(running, 'upscale', await order(path('paused.png')));
    await running.event('job:progress', ({ job, done }) => job === line.job && done > 1);
    valueOf(await running.link.call('test', 'job:pause', { job: line.job }));
    expect((await jobs()).find(({ job }) => job === line.job)).toMatchObject({ state: 'paused' });
    expect(valueOf(await running.link.call('test', 'job:resume', { job: line.job }))).toMatchObject({
      state: expect.stringMatching(/queued|running/) as string,
    });
    valueOf(await ended);
    expect(readFileSync(path('paused.png')).equals(whole)).toBe(true);
  });

  it('keeps what a page sent, which its door deletes', async () => {
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
    await kill();
    const output = { path: path('elsewhere.png'), overwrite: false };
    valueOf(await running.link.call('page', 'job:resume', { job: line.job, output }));
    valueOf(await endOf(running, line.job));
    expect(readFileSync(output.path).equals(whole)).toBe(true);
    expect(existsSync(path('upload.out.png'))).toBe(false);
  });
});
