import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnosisLines, isBroken } from '../../src/cli/commands/doctor';
import type { Diagnosis, MeasuredMethod } from '../../src/shared/contract';
import { BUILD, buildWithModels, runEnlarger, type Ended } from './enlargerProcess';
import { writePicture } from './pictures';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-measuring-'));
  mkdirSync(join(folder, 'originals'));
  await writePicture(join(folder, 'originals/a.png'), 61, 50);
  await writePicture(join(folder, 'originals/b.png'), 40, 47);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What scripts have read from the first. */
interface SingleScale {
  readonly dataset: string;
  readonly scale: number;
  readonly protocol: string;
  readonly results: MeasuredMethod[];
}

const enlarger = (...args: string[]): Promise<Ended> => runEnlarger(args, { cwd: folder });

describe('methods', () => {
  it('lists what the scripts rely on', async () => {
    const { status, stdout, stderr } = await enlarger('methods', '--json');
    expect([status, stderr.includes('error')]).toEqual([0, false]);
    const list = JSON.parse(stdout) as Record<string, unknown>[];
    for (const method of list) {
      expect(Object.keys(method)).toEqual([
        'id',
        'name',
        'family',
        'origin',
        'source',
        'scales',
        'weights',
        'licence',
        'psnrY',
        'controls',
      ]);
    }
    expect(list.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['nearest', 'bilinear', 'bicubic', 'lanczos']) as unknown,
    );
    expect(list.find(({ id }) => id === 'bicubic')?.['scales']).toEqual({ min: 1, max: 30 });
  });

  it('ends quietly when its reader has heard enough', () => {
    const script = '"$0" "$1" methods | head -n 1';
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', script, process.execPath, join(BUILD, 'cli/index.js')],
      { encoding: 'utf8' },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^id +name/);
    expect(stderr).not.toMatch(/EPIPE|error/);
  });
});

describe('metrics', () => {
  it('finds a picture equal to itself', async () => {
    const { status, stdout } = await enlarger(
      'metrics',
      'originals/a.png',
      'originals/a.png',
      '--scale',
      '3',
      '--json',
    );
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(found).slice(0, 6)).toEqual([
      'psnrY',
      'ssimY',
      'psnrRgb',
      'msSsimY',
      'border',
      'lpips',
    ]);
    expect(found).toMatchObject({ protocol: 'y', shift: null, difference: { largest: 0, changed: 0 } });
    expect(found).toMatchObject({ psnrY: null, ssimY: 1, psnrRgb: null, border: 3 });
  });

  it('names both sizes where they differ', async () => {
    const { status, stdout, stderr } = await enlarger('metrics', 'originals/a.png', 'originals/b.png');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: .*61 x 50.*40 x 47.*\.\n$/);
  });
});

describe('evaluate', () => {
  it('measures every method on every image, and their means', async () => {
    const { status, stdout } = await enlarger(
      ...['evaluate', '--dataset', 'originals', '--scale', '2', '--method', 'bicubic,nearest', '--json'],
    );
    expect(status).toBe(0);
    const { dataset, scale, protocol, results } = JSON.parse(stdout) as SingleScale;
    expect({ dataset, scale, protocol }).toEqual({ dataset: 'originals', scale: 2, protocol: 'y' });
    expect(results.map(({ method }) => method)).toEqual(['bicubic', 'nearest']);
    for (const { mean, images } of results) {
      expect(images.map(({ file }) => file)).toEqual(['a.png', 'b.png']);
      expect(mean.psnrY).toBeCloseTo((images[0]!.psnrY + images[1]!.psnrY) / 2, 6);
    }
    expect(results[0]!.mean.psnrY).toBeGreaterThan(results[1]!.mean.psnrY);
  });

  it('refuses a folder that is not there with 1, and wrong options with 2', async () => {
    const missing = await enlarger('evaluate', '--dataset', 'nowhere', '--scale', '2', '--method', 'bicubic');
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/^error: .*nowhere.*\.\n$/);
    const wrong = await enlarger(
      'evaluate',
      '--dataset',
      'originals',
      '--scale',
      '2,1',
      '--method',
      'bicubic',
    );
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/--scale/);
  });

  it('measures all colours by the other protocol', async () => {
    const call = ['evaluate', '--dataset', 'originals', '--scale', '2', '--method', 'bicubic', '--json'];
    const figures = async (...more: string[]) => {
      const { stdout } = await enlarger(...call, ...more);
      return (JSON.parse(stdout) as SingleScale).results[0]!;
    };
    const [luma, colours] = [await figures(), await figures('--protocol', 'rgb')];
    expect(Object.keys(luma.mean)).toEqual(['psnrY', 'ssimY', 'lpips', 'consistency']);
    expect(Object.keys(colours.mean)).toEqual([
      ...['psnrY', 'ssimY', 'psnrRgb', 'ssimRgb', 'lpips', 'consistency'],
    ]);
    expect(colours.images.every(({ psnrRgb }) => psnrRgb! > 5)).toBe(true);
  });

  it('goes on past a picture that is none, names it, and ends with 1, in every form', async () => {
    mkdirSync(join(folder, 'mixed'));
    await writePicture(join(folder, 'mixed/a.png'), 61, 50);
    writeFileSync(join(folder, 'mixed/b.png'), 'no picture');
    const call = ['evaluate', '--dataset', 'mixed', '--scale', '2,2.5', '--method', 'bicubic,nearest'];
    const { status, stdout, stderr } = await enlarger(...call, '--format', 'csv');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: b\.png: .*\.$/m);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^dataset,protocol,scale,method,image,n,psnrRgb,psnrY,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(2, 5).join(' '))).toEqual([
      ...['2 bicubic a.png', '2 bicubic mean', '2 nearest a.png', '2 nearest mean'],
      ...['2.5 bicubic a.png', '2.5 bicubic mean', '2.5 nearest a.png', '2.5 nearest mean'],
    ]);
  });

  it('refuses a control that a method does not have', async () => {
    const call = ['evaluate', '--dataset', 'originals', '--scale', '2', '--method', 'bicubic'];
    const { status, stdout, stderr } = await enlarger(...call, '--strength', '0.5');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: Expected .*--strength.*\.\n$/);
  });

  const set5 = resolve('../shared/data/bench/Set5');
  it.skipIf(!existsSync(set5))(
    "reproduces MATLAB's bicubic figure on Set5 (needs ../shared/data/bench)",
    async () => {
      const { stdout } = await enlarger(
        'evaluate',
        '--dataset',
        set5,
        '--scale',
        '4',
        '--method',
        'bicubic',
        '--json',
      );
      const { results } = JSON.parse(stdout) as SingleScale;
      expect(results[0]!.images).toHaveLength(5);
      expect(Math.abs(results[0]!.mean.psnrY - 28.43)).toBeLessThan(0.01);
    },
  );
});

describe('doctor', () => {
  it('says what was found, and ends with 1 only where something is broken', async () => {
    const build = buildWithModels(join(folder, 'installed'), ['fsrcnn', 'enlarger-fast']);
    const { status, stdout } = await runEnlarger(['doctor', '--json'], { build });
    const found = JSON.parse(stdout) as Diagnosis;
    expect(found.devices).toContainEqual(expect.objectContaining({ device: 'cpu', found: true }));
    expect(found.reporting).toMatchObject({ off: true });
    expect(found.reporting.says).toMatch(/switched off/);
    expect(found.formats.reads).toEqual(expect.arrayContaining(['JPEG', 'HEIC', 'JPEG XL', 'JPEG 2000']));
    expect(found.formats.writes).toEqual(expect.arrayContaining(['AVIF (12 bits)', 'JPEG XL (16 bits)']));
    expect(found.models).toMatchObject([
      { id: 'enlarger-fast', ok: true },
      { id: 'fsrcnn', ok: true },
    ]);
    expect(status).toBe(0);
  });

  it('shows what is broken and what mends what is missing', () => {
    const found: Diagnosis = {
      version: '0.1.0',
      node: '22.1.0',
      processor: 'Xeon',
      cores: 2,
      memoryGiB: 15.96,
      runtime: 'ONNX Runtime 1.30.0',
      codec: 'sharp 0.35.5',
      formats: { reads: ['PNG', 'HEIC'], writes: ['PNG (16 bits)'] },
      devices: [{ device: 'cpu', found: true, says: 'always here' }],
      models: [
        { id: 'fsrcnn', ok: true, device: 'cpu', says: '0.4 s a megapixel' },
        { id: 'espcn', ok: false, device: null, says: 'its file differs from its checksum' },
      ],
      missing: [{ what: 'a Vulkan driver', mend: 'sudo apt install mesa-vulkan-drivers' }],
      reporting: { off: true, says: 'reporting is switched off' },
    };
    const text = diagnosisLines(found, (style, word) => `<${style}>${word}`).join('\n');
    expect(text).toContain('memory     16.0 GiB');
    expect(text).toContain('reads      PNG, HEIC\nwrites     PNG (16 bits)');
    expect(text).toContain('<green>ok      fsrcnn on cpu  0.4 s a megapixel');
    expect(text).toContain('<red>broken  espcn          its file differs from its checksum');
    expect(text).toContain('a Vulkan driver\n  to mend it: sudo apt install mesa-vulkan-drivers');
    expect(isBroken(found)).toBe(true);
    expect(isBroken({ ...found, models: [] })).toBe(false);
    expect(isBroken({ ...found, models: [], reporting: { off: false, says: '' } })).toBe(true);
  });
});
