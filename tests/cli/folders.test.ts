import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEnlarger, startEnlarger } from './enlargerProcess';
import { writePicture } from './pictures';

/** Folders of real files through the real command line: their tree, what is there already, deaths in between. */
let folder: string;
const GOOD = 24;
const BAD = 4;
const bicubic = ['--method', 'bicubic', '--scale', '2', '--quiet'];
const home = () => ({ ENLARGER_HOME: join(folder, 'home'), ENLARGER_SCRATCH: join(folder, 'scratch') });
const enlarger = (...args: string[]) => runEnlarger(args, { cwd: folder, env: home() });

const filesBelow = (path: string): string[] =>
  readdirSync(join(folder, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, path, name)).isFile())
    .sort();
const bytes = (...path: string[]): string => readFileSync(join(folder, ...path)).toString('base64');
const jsonLines = (stdout: string): { input: string; error?: string; skipped?: true; output?: string }[] =>
  stdout
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as { input: string });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger folders '));
  for (let i = 0; i < GOOD; i++) {
    const path = join(folder, 'photos', `set ${i % 3}`, `img${i}.${i % 2 === 0 ? 'png' : 'jpg'}`);
    mkdirSync(dirname(path), { recursive: true });
    await writePicture(path, 40 + (i % 5), 30);
  }
  for (let i = 0; i < BAD; i++) {
    const whole = readFileSync(join(folder, 'photos/set 0/img0.png'));
    writeFileSync(join(folder, 'photos', 'set 1', `bad${i}.png`), i < 2 ? whole.subarray(0, 60 + i) : 'text');
  }
  writeFileSync(join(folder, 'photos', 'notes.txt'), 'no picture');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a folder with bad photos', () => {
  it('killed twice ends as if it had never been: every file as from a run alone, a sentence for each bad one', async () => {
    const batch = ['upscale', 'photos', '-o', 'large', ...bicubic, '--skip-existing', '--json'];
    let reached = 0;
    for (const more of [6, 6]) {
      const running = startEnlarger(batch, { cwd: folder, env: home() });
      let done = 0;
      await new Promise<void>((enough) =>
        running.child.stdout!.on('data', () => {
          done = jsonLines(running.stdout()).filter(({ output, skipped }) => output && !skipped).length;
          if (done >= more) enough();
        }),
      );
      running.child.kill('SIGKILL');
      await running.ended;
      reached += done;
    }
    const { status, stdout, stderr } = await enlarger(...batch);
    expect(status).toBe(1);
    const lines = jsonLines(stdout);
    expect(lines).toHaveLength(GOOD + BAD);
    expect(lines.filter(({ skipped }) => skipped).length).toBeGreaterThanOrEqual(reached);
    expect(lines.flatMap(({ error }) => error ?? [])).toHaveLength(BAD);
    expect(stderr.match(/^error: .*bad\d\.png/gm)).toHaveLength(BAD + 1);
    expect(stderr).toMatch(/4 of 28 photos failed/);

    await enlarger('upscale', 'photos', '-o', 'unbroken', ...bicubic);
    expect(filesBelow('large')).toEqual(filesBelow('unbroken'));
    expect(filesBelow('large')).toHaveLength(GOOD);
    for (const file of filesBelow('large')) expect(bytes('large', file)).toBe(bytes('unbroken', file));
    await enlarger('upscale', 'photos/set 1/img7.jpg', '-o', 'alone.png', ...bicubic);
    expect(bytes('alone.png')).toBe(bytes('large', 'set 1', 'img7-bicubic-x2.png'));
    // Nothing half done is left, neither beside the files nor in the ledger.
    expect((await enlarger('jobs', '--json')).stdout.trim()).toBe('[]');
    expect(readdirSync(join(folder, 'scratch')).filter((name) => name.includes('job-'))).toEqual([]);

    const again = await enlarger(
      'upscale',
      'photos/set 0',
      '-o',
      'large/set 0',
      ...bicubic,
      '--skip-existing',
    );
    expect([again.status, again.stderr]).toEqual([0, '']);
  });

  it('divided among machines is all of it, each photo once, under the same names', async () => {
    const runs = await Promise.all(
      [1, 2].map((part) =>
        enlarger('upscale', 'photos', '-o', 'parts', ...bicubic, '--shard', `${part}/2`, '--json'),
      ),
    );
    const inputs = runs.flatMap(({ stdout }) => jsonLines(stdout).map(({ input }) => input));
    expect([inputs.length, new Set(inputs).size]).toEqual([GOOD + BAD, GOOD + BAD]);
    expect(filesBelow('parts')).toEqual(filesBelow('large'));
  });
});

it('photos that differ in their ending alone do not refuse the batch', async () => {
  mkdirSync(join(folder, 'twins'));
  for (const name of ['a.jpg', 'a.png', 'b.png']) await writePicture(join(folder, 'twins', name), 20, 20);
  const { status } = await enlarger(
    'upscale',
    'twins/*',
    '-o',
    'untwined',
    ...bicubic,
    '--name',
    '{name} {width}',
  );
  expect(status).toBe(0);
  expect(filesBelow('untwined')).toEqual(['a.jpg 40.png', 'a.png 40.png', 'b 40.png']);
});

it('--watch enlarges what comes, once, and only when it is whole', async () => {
  mkdirSync(join(folder, 'incoming'));
  const source = join(folder, 'photos/set 0/img0.png');
  const running = startEnlarger(
    ['upscale', '--watch', 'incoming', '-o', 'incoming/large', ...bicubic, '--json'],
    {
      cwd: folder,
    },
  );
  const whole = readFileSync(source);
  // Of one photo the first half is there, and the other comes later.
  writeFileSync(join(folder, 'incoming/slow.png'), whole.subarray(0, whole.length / 2));
  copyFileSync(source, join(folder, 'incoming/.moving.png'));
  renameSync(join(folder, 'incoming/.moving.png'), join(folder, 'incoming/first.png'));
  await running.whenStdoutHas('first.png');
  writeFileSync(join(folder, 'incoming/slow.png'), whole);
  await running.whenStdoutHas('slow-bicubic-x2.png');
  running.child.kill('SIGINT');
  const { status, stdout } = await running.ended;
  expect(status).toBe(130);
  expect(jsonLines(stdout).filter(({ error }) => !error)).toHaveLength(2);
  expect(filesBelow('incoming/large')).toEqual(['first-bicubic-x2.png', 'slow-bicubic-x2.png']);
  expect(bytes('incoming/large/slow-bicubic-x2.png')).toBe(bytes('incoming/large/first-bicubic-x2.png'));
});

it('says which options exclude each other, before any work', async () => {
  const both = await enlarger('upscale', 'photos', '-o', 'x/', '--overwrite', '--skip-existing');
  const none = await enlarger('upscale', 'photos/set 0/img0.png', '-o', 'x/', '--watch');
  expect([both.status, none.status, existsSync(join(folder, 'x'))]).toEqual([2, 2, false]);
  expect(both.stderr).toMatch(/one of --overwrite and --skip-existing/);
  expect(none.stderr).toMatch(/a folder to --watch, received none/);
});
