import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEnlarger, startEnlarger, type Ended } from './enlargerProcess';
import { waves, writePicture } from './pictures';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger upscale 사진 '));
  await writePicture(join(folder, 'photo.png'), 48, 36);
  await writePicture(join(folder, '-odd name [1].jpg'), 20, 30);
});
afterAll(() => rmSync(folder, { recursive: true }));

const enlarger = (...args: string[]): Promise<Ended> => runEnlarger(args, { cwd: folder });
const bicubic = (...args: string[]): Promise<Ended> => enlarger('upscale', '--method', 'bicubic', ...args);

describe('upscale', () => {
  it('prints one JSON line a photo and nothing else on standard output', async () => {
    const { status, stdout, stderr } = await bicubic(
      'photo.png',
      '-o',
      'plain.png',
      '--scale',
      '2.5',
      '--json',
    );
    expect([status, stderr]).toEqual([0, '']);
    const line = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(line)).toEqual([
      'input',
      'output',
      'method',
      'scale',
      'width',
      'height',
      'seconds',
      'device',
      'notes',
    ]);
    expect(line).toMatchObject({ input: 'photo.png', output: 'plain.png', method: 'bicubic', scale: 2.5 });
    expect(await sharp(join(folder, 'plain.png')).metadata()).toMatchObject({
      width: 120,
      height: 90,
      format: 'png',
    });
  });

  it.each([
    ['--width', '100', 100, 75],
    ['--height', '100', 133, 100],
    ['--print', '10mm@254dpi', 100, 75],
  ])('makes exactly the size of %s %s', async (option, value, width, height) => {
    const { status } = await bicubic('photo.png', '-o', 'sized.tiff', option, value, '--overwrite');
    expect(status).toBe(0);
    const found = await sharp(join(folder, 'sized.tiff')).metadata();
    expect(found).toMatchObject({ width, height, format: 'tiff' });
    if (option === '--print') expect(found.density).toBeCloseTo(254, 0);
  });

  it('maps what was invented, beside the same enlargement', async () => {
    const options = ['--scale', '3', '--region', '8,6,30,20', '--overwrite', '--json'];
    const mapped = async (method: string): Promise<number> => {
      const map = ['--invented', 'map.png', '-o', 'mapped.png'];
      const { status, stderr, stdout } = await enlarger(
        'upscale',
        '--method',
        method,
        'photo.png',
        ...map,
        ...options,
      );
      expect([status, stderr]).toEqual([0, '']);
      return (JSON.parse(stdout) as { invented: number }).invented;
    };
    // Bicubic enlarging is the transpose of bicubic reducing: it only restates the photo.
    expect(await mapped('bicubic')).toBe(0);
    const invented = await mapped('lanczos');
    expect(invented).toBeGreaterThan(0.1);

    await enlarger('upscale', '--method', 'lanczos', 'photo.png', '-o', 'unmapped.png', ...options);
    const pixels = (name: string): Promise<Buffer> => sharp(join(folder, name)).raw().toBuffer();
    expect((await pixels('mapped.png')).equals(await pixels('unmapped.png'))).toBe(true);

    const map = sharp(join(folder, 'map.png'));
    expect(await map.metadata()).toMatchObject({ width: 90, height: 60, channels: 1, format: 'png' });
    // The map shows the same part, eight times as strong, and so has its mean square but for clipping.
    const values = await map.toColourspace('b-w').raw().toBuffer();
    const shown = Math.sqrt(values.reduce((sum, value) => sum + (value / 8) ** 2, 0) / values.length);
    expect(shown).toBeGreaterThan(invented * 0.9);
    expect(shown).toBeLessThan(invented * 1.1);
  });

  it('gives a region the pixels that the whole would have there', async () => {
    expect((await bicubic('photo.png', '-o', 'whole.png', '--scale', '3')).status).toBe(0);
    expect(
      (await bicubic('photo.png', '-o', 'part.png', '--scale', '3', '--region', '10,5,20,12')).status,
    ).toBe(0);
    const whole = sharp(join(folder, 'whole.png')).extract({ left: 30, top: 15, width: 60, height: 36 });
    expect(
      (await sharp(join(folder, 'part.png')).raw().toBuffer()).equals(await whole.raw().toBuffer()),
    ).toBe(true);
  });

  it('names results in a folder, and takes odd names and paths', async () => {
    mkdirSync(join(folder, 'there'));
    const options = ['-o', 'a/b/', '--format', 'jpeg', '--scale', '2', '--method', 'lanczos'];
    const { status, stdout } = await runEnlarger(
      ['upscale', ...options, '../-odd name [1].jpg', '../photo.png'],
      {
        cwd: join(folder, 'there'),
      },
    );
    expect([status, stdout.trimEnd().split('\n').length]).toEqual([0, 2]);
    expect(readdirSync(join(folder, 'there/a/b')).sort()).toEqual([
      '-odd name [1]-lanczos-x2.jpg',
      'photo-lanczos-x2.jpg',
    ]);
    expect((await bicubic('-o', 'dash.png', '--scale', '2', '--', '-odd name [1].jpg')).status).toBe(0);
  });

  it('says nothing with --quiet', async () => {
    expect(await bicubic('photo.png', '-o', 'quiet.png', '--quiet')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('keeps 16 bits where the format can', async () => {
    const { width, height } = { width: 24, height: 18 };
    await sharp(waves(width, height), { raw: { width, height, channels: 3 } })
      .toColourspace('rgb16')
      .toFile(join(folder, 'deep.png'));
    expect((await bicubic('deep.png', '-o', 'deep.tiff', '--scale', '2')).status).toBe(0);
    expect((await sharp(join(folder, 'deep.tiff')).metadata()).depth).toBe('ushort');
    expect((await bicubic('deep.png', '-o', 'shallow.png', '--scale', '2', '--depth', '8')).status).toBe(0);
    expect((await sharp(join(folder, 'shallow.png')).metadata()).depth).toBe('uchar');
    const twelve = await bicubic('deep.png', '-o', 'deep.avif', '--scale', '2', '--depth', '16');
    expect(twelve.status).toBe(0);
    expect(twelve.stderr).toContain('AVIF holds 12 bits a channel, not 16.');
    expect((await sharp(join(folder, 'deep.avif')).metadata()).bitsPerSample).toBe(12);
    const eight = await bicubic('deep.png', '-o', 'deep.webp', '--scale', '2', '--depth', '16');
    expect(eight.status).toBe(2);
    expect(eight.stderr).toContain('--depth 16 only with png, avif, jxl, tiff: WebP has 8 bits');
  });
});

describe.skipIf(process.platform === 'win32')(
  'Ctrl-C in the middle (Windows has no such signal to send)',
  () => {
    it('leaves finished files whole, nothing half-written and nothing behind', async () => {
      const scratch = join(folder, 'scratch');
      await writePicture(join(folder, 'huge.png'), 1800, 1500);
      const running = startEnlarger(
        ['upscale', 'photo.png', 'huge.png', '-o', 'stopped/', '--method', 'lanczos', '--scale', '8'],
        { cwd: folder, env: { ENLARGER_SCRATCH: scratch } },
      );
      await running.whenStdoutHas('photo.png -> ');
      const written = (): number =>
        readdirSync(scratch, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
          .length;
      await expect.poll(written, { interval: 20 }).toBeGreaterThan(0);
      running.child.kill('SIGINT');
      const { status, stderr } = await running.ended;
      expect(stderr).toMatch(/Stopped: 1 of 2 photos are done and whole/);
      expect(status).toBe(130);
      expect(readdirSync(join(folder, 'stopped'))).toEqual(['photo-lanczos-x8.png']);
      expect(await sharp(join(folder, 'stopped/photo-lanczos-x8.png')).stats()).toBeDefined();
      expect(readdirSync(scratch)).toEqual([]);
    });
  },
);

describe('the program', () => {
  it('explains itself and every command', async () => {
    const { status, stdout } = await enlarger('help');
    expect(status).toBe(0);
    const commands = ['upscale', 'methods', 'metrics', 'evaluate', 'serve', 'doctor'];
    for (const command of commands) {
      expect(stdout).toContain(`  ${command} `);
      const help = await enlarger(command, '--help');
      expect([help.status, help.stderr]).toEqual([0, '']);
      expect(help.stdout).toMatch(new RegExp(`Examples:\n  enlarger ${command}`));
    }
  });

  it('tells its version', async () => {
    expect((await enlarger('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('refuses what it does not know', async () => {
    for (const args of [
      ['polish', 'photo.png'],
      ['--sharpen'],
      ['doctor', 'now'],
      ['upscale'],
      ['metrics', 'one.png'],
    ]) {
      const { status, stdout, stderr } = await enlarger(...args);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr).toMatch(/^error: .*; see enlarger.* --help\.\n$/);
    }
  });
});
