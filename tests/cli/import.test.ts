import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onnxModel } from '../../src/engine/onnx/onnxModel';
import { compact } from '../fixtures/strangersModels';
import { runEnlarger, type Ended } from './enlargerProcess';
import { writePicture } from './pictures';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-import-'));
  writeFileSync(join(folder, 'stranger.onnx'), onnxModel(compact()));
  await writePicture(join(folder, 'photo.png'), 40, 30);
});
afterAll(() => rmSync(folder, { recursive: true }));

const enlarger = (...args: string[]): Promise<Ended> =>
  runEnlarger(args, { cwd: folder, env: { ENLARGER_HOME: join(folder, 'home') } });

it('a model is shown, taken over, used and never replaced', async () => {
  const shown = await enlarger('import', 'stranger.onnx', '--check', '--json');
  expect(shown.status).toBe(0);
  expect(JSON.parse(shown.stdout)).toMatchObject({ id: 'stranger', kept: false, scale: 2, layout: 'NCHW' });

  const kept = await enlarger('import', 'stranger.onnx', '--name', 'My Own', '--licence', 'MIT');
  expect([kept.status, kept.stderr.includes('error')]).toEqual([0, false]);
  expect(kept.stdout).toMatch(/scale +x2/);

  const { stdout } = await enlarger('methods', '--json');
  const mine = (JSON.parse(stdout) as { id: string }[]).find(({ id }) => id === 'my-own');
  expect(mine).toMatchObject({ name: 'My Own', origin: 'imported', licence: 'MIT', source: 'stranger.onnx' });

  const used = await enlarger(
    'upscale',
    'photo.png',
    '-o',
    'large.png',
    '--method',
    'my-own',
    '--scale',
    '2',
  );
  expect(used.stdout + used.stderr).toMatch(/80 x 60, my-own x2/);

  const again = await enlarger('import', 'stranger.onnx', '--name', 'my own');
  expect(again.status).toBe(1);
  expect(again.stderr).toMatch(/there is a method my-own already/);
});
