import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUILD, runEnlarger } from './enlargerProcess';
import { writePicture } from './pictures';

/** What is wrong with the places that Enlarger works in is said in a sentence, as faults of the work are. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-start-'));
});
beforeEach(async () => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  await writePicture(join(folder, 'photo.png'), 20, 15);
  writeFileSync(join(folder, 'a-file'), 'not a folder');
});
afterAll(() => rmSync(folder, { recursive: true }));

const upscale = (env: Record<string, string>) =>
  runEnlarger(['upscale', 'photo.png', '-o', 'out.png', '--method', 'bicubic', '--scale', '2'], {
    cwd: folder,
    env: { ENLARGER_HOME: join(folder, 'home'), ENLARGER_SCRATCH: join(folder, 'scratch'), ...env },
  });

const pipe = (path: string): void => void spawnSync('mkfifo', [path]);
const noStack = (text: string): void => expect(text).not.toMatch(/^ +at |node:internal|\[object/m);

describe('places that cannot be worked in', () => {
  it.each(['a-file', 'a-file/below', '/proc/enlarger'])('scratch at %s', async (place) => {
    if (place.startsWith('/proc') && process.platform !== 'linux') return;
    const { status, stderr } = await upscale({
      ENLARGER_SCRATCH: place.startsWith('/') ? place : join(folder, place),
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*Expected a folder for temporary pixels.*ENLARGER_SCRATCH.*\.\n$/s);
    noStack(stderr);
  });

  it.skipIf(process.platform === 'win32')('a temporary folder that is a file (TMPDIR)', async () => {
    const TMPDIR = join(folder, 'a-file');
    const { status, stderr } = await upscale({ TMPDIR, ENLARGER_SCRATCH: TMPDIR });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/Expected a folder for temporary pixels/)]);
    const host = spawnSync(process.execPath, [join(BUILD, 'host/index.js'), '--no-open'], {
      env: { ...process.env, TMPDIR },
      encoding: 'utf8',
    });
    expect([host.status, host.stderr]).toEqual([
      1,
      expect.stringMatching(/^Expected a folder for temporary files.*TMPDIR.*\n$/),
    ]);
  });

  it.skipIf(process.platform === 'win32').each(['home', 'home/state.json'])(
    'a named pipe as its own folder or state (%s)',
    async (place) => {
      if (place.includes('/')) mkdirSync(join(folder, 'home'));
      pipe(join(folder, place));
      const { status, stderr } = await upscale({});
      expect(status).toBe(0);
      noStack(stderr);
    },
  );

  it.skipIf(process.platform !== 'linux')('a folder of its own in /proc', async () => {
    const { status, stderr } = await upscale({ ENLARGER_HOME: '/proc/self' });
    expect(status).toBe(0);
    noStack(stderr);
  });
});
