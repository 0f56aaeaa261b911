import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FinetuneDone, JobOrderInput, MethodCard } from '../../src/shared/contract';
import type { Manifest } from '../../src/shared/manifest';
import { onnxModel } from '../../src/engine/onnx/onnxModel';
import { JobKeeper } from '../../src/shared/link/jobKeeper';
import { compact } from '../fixtures/strangersModels';
import { seeded } from '../unit/seeded';
import {
  buildEngineModule,
  endOf,
  runJob,
  startEngine,
  startJob,
  valueOf,
  type RunningEngine,
} from './builtEngine';
import { resources } from './methodSet';

/** Personal models, made by the real engine in a process of its own, of a network that has much to learn. One for all tests. */
let entry: string;
let folder: string;
let home: string;
let engine: RunningEngine;
let photos: string[];

/** Discs and stripes on a ramp: edges of every direction, different in every photo. */
async function draw(path: string, seed: number, side: number): Promise<string> {
  const random = seeded(seed);
  const discs = Array.from({ length: 14 }, () => ({
    x: random.real(0, side),
    y: random.real(0, side),
    radius: random.real(6, side / 4),
    value: random.whole(0, 255),
  }));
  const pixels = Buffer.alloc(side * side * 3);
  for (let k = 0; k < pixels.length; k++) {
    const [c, x, y] = [k % 3, Math.floor(k / 3) % side, Math.floor(k / 3 / side)];
    let value = (120 * x) / side + 20 * c + (Math.floor((x + y) / (5 + seed)) % 2) * 40;
    for (const disc of discs)
      if ((x - disc.x) ** 2 + (y - disc.y) ** 2 < disc.radius ** 2) value = disc.value;
    pixels[k] = Math.min(255, Math.round(value));
  }
  await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

const order = (more: Partial<JobOrderInput<'finetune'>> = {}): JobOrderInput<'finetune'> => ({
  photos: photos.map((path) => ({ path })),
  method: { id: 'stranger' },
  name: 'Discs',
  steps: 40,
  rate: 3e-3,
  ...more,
});

const finetune = (more?: Partial<JobOrderInput<'finetune'>>) => runJob(engine, 'finetune', order(more));
const list = async (): Promise<MethodCard[]> => valueOf(await engine.link.call('test', 'methods:list', {}));
const sumOf = async (id: string): Promise<string | undefined> =>
  (await list()).find((card) => card.id === id)?.sum;

beforeAll(async () => {
  // Of the bundled methods those that are named here.
  entry = await buildEngineModule(['edsr', 'liifusion']);
  folder = await mkdtemp(join(tmpdir(), 'enlarger-finetune-'));
  photos = await Promise.all([1, 2, 3].map((seed) => draw(join(folder, `discs-${seed}.png`), seed, 150)));
  await writeFile(join(folder, 'stranger.onnx'), onnxModel(compact()));
  home = await mkdtemp(join(tmpdir(), 'enlarger-finetune-home-'));
  engine = await startEngine(entry, home);
  valueOf(await runJob(engine, 'import', { path: join(folder, 'stranger.onnx') }));
});
afterAll(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await rm(dirname(entry), { recursive: true, force: true });
});
/** What one test made is no other's: its models go, and what it heard. */
afterEach(async () => {
  for (const { id, origin } of await list())
    if (origin === 'personal') valueOf(await engine.link.call('test', 'method:remove', { id }));
  engine.forget();
});

describe('a personal model', () => {
  it('is better on a photo that it never saw, is a method with its card, and its method stays as it was', async () => {
    const before = await readFile(join(home, 'models/stranger/model.onnx'));
    const bundled = (): string => {
      const sum = createHash('sha256');
      for (const id of readdirSync(join(resources, 'models')).sort())
        for (const name of readdirSync(join(resources, 'models', id)).sort())
          sum.update(readFileSync(join(resources, 'models', id, name)));
      return sum.digest('hex');
    };
    const sum = bundled();
    const done = valueOf(await finetune());
    expect(done).toMatchObject({
      id: 'discs',
      better: true,
      learned: 2,
      kept: ['discs-2.png'],
      steps: 40,
      ending: 'time',
    });
    expect(done.after.psnrY - done.before.psnrY).toBeGreaterThan(0.08);
    expect(done.general).not.toBeNull();

    const [job] = engine.events.flatMap(({ event }) =>
      event.event === 'job:ended' && event.line.kind === 'finetune' ? [event.line.job] : [],
    );
    const look = valueOf(await engine.link.call('test', 'finetune:preview', { job: job!, square: 0 }));
    expect(look).toMatchObject({ squares: 1, photo: 'discs-2.png', side: 128 });
    const shown = [look.original, look.before, look.after].map((pixels) => Buffer.from(pixels, 'base64'));
    const errors = shown
      .slice(1)
      .map((made) => made.reduce((sum, v, k) => sum + (v - shown[0]![k]!) ** 2, 0));
    expect(errors[1]).toBeLessThan(errors[0]!);

    const card = (await list()).find(({ id }) => id === 'discs');
    expect(card).toMatchObject({
      name: 'Discs',
      origin: 'personal',
      source: 'stranger (stranger)',
      scales: [2],
    });
    const manifest = JSON.parse(await readFile(join(home, 'models/discs/manifest.json'), 'utf8')) as Manifest;
    expect(manifest.training).toMatchObject({ steps: 40, loss: 'l1' });
    // How far the new weights look: two convolutions of 3 x 3.
    expect(manifest.files[0]!.receptiveField.measured?.overlap).toBe(2);
    const text = await readFile(join(home, 'models/discs/card.md'), 'utf8');
    expect(text).toContain(done.after.psnrY.toFixed(2));
    expect(text).toContain('discs-2.png');

    expect((await readFile(join(home, 'models/stranger/model.onnx'))).equals(before)).toBe(true);
    expect(bundled()).toBe(sum);
    const events = engine.events.flatMap(({ event }) =>
      event.event === 'finetune:validated' ? [event.validation] : [],
    );
    expect(events[0]).toMatchObject({ step: 0, gain: 0, loss: null });
    expect(events.at(-1)!.gain).toBeGreaterThan(0.08);
    expect(readdirSync(join(home, 'models')).sort()).toEqual(['discs', 'stranger']);
  });

  it('that is not better is not kept, unless that is asked for', async () => {
    const wrong = { steps: 2, rate: 1e-8 };
    expect(valueOf(await finetune(wrong))).toMatchObject({ id: null, better: false });
    expect(await sumOf('discs')).toBeUndefined();
    expect(valueOf(await finetune({ ...wrong, keep: true }))).toMatchObject({ id: 'discs', better: false });
    expect(await sumOf('discs')).toBeDefined();
  });

  it('learns by additions of a low rank, by another loss and from degraded photos', async () => {
    const more = {
      learns: { rank: 2 },
      loss: 'ssim',
      degradation: { blur: 0.5, noise: 'photo', jpeg: 60 },
    } as const;
    const done = valueOf(await finetune({ ...more, steps: 24, rate: 1e-2 }));
    expect(done).toMatchObject({ id: 'discs', better: true });
    expect(done.notes.join(' ')).toMatch(/degraded/);
  });

  it('whose rate is far too high goes back and lowers it, and never ends worse than it began', async () => {
    const done = valueOf(await finetune({ rate: 1, steps: 30, keep: true }));
    expect(done.after.psnrY).toBeGreaterThanOrEqual(done.before.psnrY - 0.01);
    const rates = engine.events.flatMap(({ event }) =>
      event.event === 'finetune:validated' ? [event.validation.rate] : [],
    );
    expect(rates.at(-1)).toBeLessThan(rates[0]! / 2);
  });
});

describe('a training that is broken off', () => {
  const validated = (from = 1) =>
    engine.event('finetune:validated', ({ validation }) => validation.step >= from);

  it('by the death of its engine goes on from its checkpoint and ends at the very same weights', async () => {
    valueOf(await finetune());
    const whole = await sumOf('discs');
    const keeper = new JobKeeper(engine.link, () => undefined);
    const { line } = await startJob(engine, 'finetune', order({ name: 'Again' }));
    keeper.started('test', line);
    await engine.event(
      'job:progress',
      ({ job, stage, done }) => job === line.job && stage === 'learn' && done > 12,
    );
    const again = engine.restarted();
    engine.child().kill('SIGKILL');
    await keeper.engineLost(await again, true);
    valueOf(await endOf<'finetune'>(engine, line.job));
    expect(await sumOf('again')).toBe(whole);
  });

  it('by a folder that takes nothing any more keeps what it learned, and is installed from there later', async () => {
    const models = join(home, 'models');
    const { line, ended } = await startJob(engine, 'finetune', order());
    const { job } = line;
    await validated(0);
    await rename(models, `${models}.aside`);
    await writeFile(models, 'no folder');
    const refused = await ended;
    expect(refused).toMatchObject({ ok: false, fault: { code: 'output-unwritable' } });
    expect(JSON.stringify(refused)).toMatch(/models.*What was learned is kept/);
    await rm(models);
    await rename(`${models}.aside`, models);
    await list();
    const left = valueOf(await engine.link.call('test', 'jobs:list', {})).find((one) => one.job === job);
    expect(left).toMatchObject({ state: 'broken', kind: 'finetune' });
    engine.forget();
    valueOf(await engine.link.call('test', 'job:resume', { job, anew: false, crashed: false }));
    expect(valueOf(await endOf<'finetune'>(engine, job))).toMatchObject({
      id: 'discs',
      steps: 40,
      ending: 'time',
    });
  });

  it('by a wish ends after its step, with what was best so far', async () => {
    const { line, ended } = await startJob(engine, 'finetune', order({ steps: 100_000 }));
    await validated();
    const { validations } = valueOf(await engine.link.call('test', 'finetune:curve', { job: line.job }));
    expect(validations.length).toBeGreaterThan(1);
    valueOf(await engine.link.call('test', 'finetune:finish', { job: line.job }));
    const done = valueOf(await ended);
    expect(done).toMatchObject({ ending: 'asked' } satisfies Partial<FinetuneDone>);
    expect(done.steps).toBeLessThan(100_000);
  });

  it('by stopping leaves nothing behind', async () => {
    const { line, ended } = await startJob(engine, 'finetune', order({ steps: 100_000 }));
    await engine.event('job:progress', ({ stage, done }) => stage === 'learn' && done > 2);
    valueOf(await engine.link.call('test', 'job:stop', { job: line.job }));
    expect(await ended).toMatchObject({ ok: false, fault: { code: 'stopped' } });
    expect(readdirSync(join(home, 'models'))).toEqual(['stranger']);
    expect(readdirSync(join(home, 'scratch')).filter((name) => name.includes(line.job))).toEqual([]);
  });

  it('is not gone on with once a photo of it is gone or was changed, and says which', async () => {
    const copy = await draw(join(folder, 'meanwhile.png'), 9, 150);
    const paths = [...photos, copy].map((path) => ({ path }));
    const { line } = await startJob(engine, 'finetune', order({ photos: paths, steps: 100_000 }));
    await engine.event('job:progress', ({ stage, done }) => stage === 'learn' && done > 2);
    const restarted = engine.restarted();
    engine.child().kill('SIGKILL');
    await restarted;
    rmSync(copy);
    const resumed = await engine.link.call('test', 'job:resume', { job: line.job });
    expect(resumed).toMatchObject({ ok: false, fault: { code: 'photo-moved', file: 'meanwhile.png' } });
    valueOf(await engine.link.call('test', 'job:drop', { job: line.job }));
    expect(existsSync(join(home, 'jobs', line.job))).toBe(false);
  });
});

describe('what cannot be learned from is said', () => {
  const sentence = async (more: Partial<JobOrderInput<'finetune'>>): Promise<string> => {
    const result = await finetune(more);
    return result.ok ? 'it went well' : result.fault.message;
  };

  it('too few, too small and unreadable photos, each with its reason; others go on without them', async () => {
    const small = await draw(join(folder, 'small.png'), 4, 100);
    const broken = join(folder, 'broken.png');
    await writeFile(broken, 'no picture');
    const few = await sentence({ photos: [photos[0]!, small, broken].map((path) => ({ path })) });
    expect(few).toMatch(/two photos or more .* found 1 of 3/);
    expect(few).toMatch(/small\.png was left out: expected 128 pixels a side or more, it has 100 x 100/);
    expect(few).toMatch(/broken\.png was left out/);
    const paths = [...photos, small, join(folder, 'not-there.png')].map((path) => ({ path }));
    const done = valueOf(await finetune({ photos: paths, steps: 2, keep: true }));
    expect([done.learned + done.kept.length, done.notes.length]).toEqual([3, 2]);
  });

  it('methods that cannot learn, and names that are taken', async () => {
    expect(await sentence({ method: { id: 'bicubic' } })).toMatch(/bicubic has none: it is a formula/);
    expect(await sentence({ method: { id: 'liifusion' } })).toMatch(
      /liifusion cannot: .* prior of the whole photo/,
    );
    expect(await sentence({ scale: 7 })).toMatch(/a scale that stranger has a network for \(2\), received 7/);
    expect(await sentence({ loss: 'cross-entropy' })).toMatch(
      /stranger can learn by \(l1, l2, .*\), received cross-entropy: it gives colours, and chooses among no levels/,
    );
    expect(await sentence({ name: 'EDSR' })).toMatch(/there is a method edsr already/);
  });
});
