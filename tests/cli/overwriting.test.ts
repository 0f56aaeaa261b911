import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILD, runEnlarger, type Ended } from './enlargerProcess';
import { writePicture } from './pictures';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'enlarger-overwriting-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const upscale = (...args: string[]): Promise<Ended> =>
  runEnlarger(['upscale', '--method', 'bicubic', '--scale', '2', ...args], { cwd: folder });

describe('--overwrite destroys no photo of the call', () => {
  it('not through a linked folder or a hard link, not one by the result of another', async () => {
    mkdirSync(join(folder, 'in'));
    await writePicture(join(folder, 'in/a.png'), 20, 10);
    await writePicture(join(folder, 'in/a-bicubic-x2.png'), 8, 8);
    symlinkSync('in', join(folder, 'link'));
    linkSync(join(folder, 'in/a.png'), join(folder, 'hard.png'));
    const before = ['in/a.png', 'in/a-bicubic-x2.png'].map((name) => readFileSync(join(folder, name)));
    const linked = await upscale('in/a.png', '-o', 'link/a.png', '--overwrite');
    const hard = await upscale('in/a.png', '-o', 'hard.png', '--overwrite');
    const batch = await upscale('in/a.png', 'in/a-bicubic-x2.png', '-o', 'link/', '--overwrite');
    for (const { status, stderr } of [linked, hard, batch]) {
      expect([status, stderr]).toEqual([1, expect.stringMatching(/itself, which is never overwritten/)]);
    }
    const after = ['in/a.png', 'in/a-bicubic-x2.png'].map((name) => readFileSync(join(folder, name)));
    expect(after).toEqual(before);
  });

  it('a device stays a device; - is refused in words', async () => {
    await writePicture(join(folder, 'a.png'), 20, 10);
    if (process.platform !== 'win32') {
      const device = await upscale('a.png', '-o', '/dev/null', '--overwrite', '--format', 'png');
      expect([device.status, device.stderr]).toEqual([1, expect.stringMatching(/found a device/)]);
    }
    const dash = await upscale('a.png', '-o', '-');
    expect([dash.status, dash.stderr]).toEqual([2, expect.stringMatching(/write \.\/- if a file/)]);
    expect(readdirSync(folder)).toEqual(['a.png']);
  });
});

it.skipIf(process.platform === 'win32')('a limit on the size of a file is one sentence', async () => {
  await writePicture(join(folder, 'a.png'), 400, 300);
  const args = `upscale a.png -o b.png --method bicubic --scale 4`;
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `ulimit -f 600; exec "${process.execPath}" "${join(BUILD, 'cli/index.js')}" ${args}`],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(stderr).toMatch(/^error: .*a limit on the size of a file.*\n$/);
  expect(status).toBe(1);
  expect(readdirSync(folder)).toEqual(['a.png']);
});
