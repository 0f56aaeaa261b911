import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FinetuneDone } from '../../src/shared/contract';
import { finetuneLines } from '../../src/cli/commands/finetune';
import { readFinetuneCall } from '../../src/cli/finetuneCall';
import { onnxModel } from '../../src/engine/onnx/onnxModel';
import { compact } from '../fixtures/strangersModels';
import { runEnlarger, startEnlarger, type Ended } from './enlargerProcess';
import { writePicture } from './pictures';

let folder: string;
const PHOTOS = ['one.png', 'two.png', 'three.png'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-finetune-cli-'));
  writeFileSync(join(folder, 'stranger.onnx'), onnxModel(compact()));
  for (const name of PHOTOS) await writePicture(join(folder, name), 140, 130);
  await enlarger('import', 'stranger.onnx');
});
afterAll(() => rmSync(folder, { recursive: true }));

const place = () => ({ cwd: folder, env: { ENLARGER_HOME: join(folder, 'home') } });
const enlarger = (...args: string[]): Promise<Ended> => runEnlarger(args, place());
const training = (name: string, ...more: string[]): string[] => [
  'finetune',
  ...PHOTOS,
  ...['--method', 'stranger', '--name', name, '--rate', '0.003', '--keep', ...more],
];

describe('a training from the terminal', () => {
  it('tells before and after, and gives a method that can be used at once', async () => {
    const done = await enlarger(...training('Mine', '--steps', '12'));
    expect([done.status, done.stderr]).toEqual([0, expect.stringContaining('--method mine')]);
    expect(done.stdout).toMatch(/Mine: stranger learned 12 steps from 2 photos at x2/);
    expect(done.stdout).toMatch(/PSNR-Y, 1 photo kept aside +\d+\.\d\d dB +\d+\.\d\d dB +[+-]\d\.\d\d/);
    const used = await enlarger('upscale', 'one.png', '-o', 'large.png', '--method', 'mine', '--scale', '2');
    expect(used.stdout).toMatch(/280 x 260, mine x2/);
  });

  it('is renamed, exported, imported under another name and removed; what comes with Enlarger is none of that', async () => {
    expect((await enlarger('methods', 'rename', 'mine', 'My Own')).stdout).toMatch(/mine is called My Own/);
    const exported = await enlarger('methods', 'export', 'mine', '-o', 'mine');
    expect([exported.status, readdirSync(join(folder, 'mine')).sort()]).toEqual([
      0,
      ['card.md', 'manifest.json', 'model.onnx'],
    ]);
    expect((await enlarger('methods', 'export', 'mine', '-o', 'mine')).stderr).toMatch(
      /mine is there already/,
    );
    expect((await enlarger('import', 'mine', '--name', 'Twin')).status).toBe(0);
    expect((await enlarger('methods', 'remove', 'mine')).status).toBe(0);
    const { stdout } = await enlarger('methods', '--json');
    const own = (JSON.parse(stdout) as { id: string; name: string; origin: string }[]).filter(
      ({ origin }) => origin !== 'bundled',
    );
    expect(own.map(({ id, name, origin }) => [id, name, origin])).toEqual([
      ['stranger', 'stranger', 'imported'],
      ['twin', 'Twin', 'personal'],
    ]);
    const bundled = await enlarger('methods', 'remove', 'fsrcnn');
    expect([bundled.status, bundled.stderr]).toEqual([2, expect.stringMatching(/comes with Enlarger/)]);
  });

  it('stops at an interrupt with what it has; one that is killed goes on by its name', async () => {
    const running = startEnlarger(training('Long', '--minutes', '600', '--json'), place());
    const reached = (): number => {
      const jobs = join(folder, 'home', 'jobs');
      const ids = existsSync(jobs) ? readdirSync(jobs).filter((name) => /^[a-z0-9]{8}$/.test(name)) : [];
      const journal = ids[0] === undefined ? '' : readFileSync(join(jobs, ids[0], 'journal'), 'utf8');
      return Number([...journal.matchAll(/"mark":"kept","step":(\d+)/g)].at(-1)?.[1] ?? -1);
    };
    await expect.poll(reached, { interval: 20 }).toBeGreaterThan(0);
    running.child.kill('SIGKILL');
    await running.ended;
    const unknown = await enlarger('finetune', '--name', 'Longer', '--resume');
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      expect.stringMatching(/called Longer .* there are: Long/),
    ]);

    const again = startEnlarger(['finetune', '--name', 'Long', '--resume', '--json'], place());
    const steps = reached();
    await expect.poll(reached, { interval: 20 }).toBeGreaterThan(steps);
    again.child.kill('SIGINT');
    const ended = await again.ended;
    expect(ended.status).toBe(130);
    const done = JSON.parse(ended.stdout) as FinetuneDone;
    expect(done).toMatchObject({ id: 'long', ending: 'asked' });
    expect(done.steps).toBeGreaterThan(steps);
  });
});

describe('a call', () => {
  it('is refused before anything is begun, naming the option', () => {
    const method = { method: 'fsrcnn', name: 'Mine' };
    const refusals: [readonly string[], object, RegExp][] = [
      [[], method, /photos to learn from/],
      [['a.png'], { name: 'Mine' }, /--method/],
      [['a.png'], { method: 'fsrcnn' }, /--name/],
      [['a.png'], { ...method, minutes: '0' }, /--minutes .* from 0.01 to 1440, received 0/],
      [['a.png'], { ...method, minutes: '1', steps: '2' }, /--minutes and --steps/],
      [['a.png'], { ...method, lastLayers: '1', lowRank: '2' }, /--last-layers and --low-rank/],
      [['a.png'], { ...method, loss: 'l3' }, /--loss .* l1, l2, charbonnier/],
      [['a.png'], { ...method, noise: 'some' }, /--noise/],
    ];
    for (const [photos, options, words] of refusals)
      expect(() => readFinetuneCall(photos, options)).toThrow(words);
  });

  it('takes a learning rate as it is usually written', () => {
    for (const rate of ['0.0001', '1e-4', '1E-04', '.0001'])
      expect(readFinetuneCall(['a.png'], { method: 'fsrcnn', name: 'Mine', rate })).toMatchObject({
        rate: 1e-4,
      });
    for (const rate of ['1e', 'e-4', '0x1', '-1e-4', '2'])
      expect(() => readFinetuneCall(['a.png'], { method: 'fsrcnn', name: 'Mine', rate })).toThrow(/--rate/);
  });

  it('says what was measured, LPIPS and the sample where they are known', () => {
    const done = {
      before: { psnrY: 30, lpips: 0.2 },
      after: { psnrY: 30.5, lpips: 0.15 },
      general: -0.12,
      kept: ['a.jpg', 'b.jpg'],
    } as FinetuneDone;
    const text = finetuneLines(done).join('\n');
    expect(text).toMatch(/2 photos kept aside +30\.00 dB +30\.50 dB +\+0\.50/);
    expect(text).toMatch(/LPIPS .* 0\.2000 +0\.1500 +-0\.0500/);
    expect(text).toMatch(/sample .* -0\.12/);
  });
});
