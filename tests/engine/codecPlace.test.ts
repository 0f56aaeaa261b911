import { execFileSync } from 'node:child_process';
import { link, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectPlace, place } from '../../src/engine/codec/write/place';
import { expectRoom } from '../../src/engine/codec/write/room';
import type { Fault, FaultError } from '../../src/shared/faults';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'codec-place-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const faultOf = (work: Promise<unknown>): Promise<Fault> =>
  work.then(
    () => Promise.reject(new Error('expected a fault, received none')),
    (error: unknown) => (error as FaultError).fault,
  );

it('only regular files are replaced', async () => {
  await writeFile(at('new'), 'picture');
  await mkdir(at('folder'));
  await symlink(at('nowhere'), at('dangling'));
  const server = createServer().listen(at('socket'));
  await new Promise((listening) => server.once('listening', listening));
  const kinds: [string, RegExp][] = [
    ['folder', /a folder of that name/],
    ['dangling', /a link to nowhere/],
    ['socket', /a socket, which is not replaced/],
  ];
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [at('pipe')]);
    await symlink('/dev/null', at('null'));
    kinds.push(['pipe', /a pipe, which is not replaced/], ['null', /a device, which is not replaced/]);
    expect((await faultOf(expectPlace('/dev/null', true))).message).toContain('a device');
  }
  for (const [name, words] of kinds) {
    const fault = await faultOf(expectPlace(at(name), true));
    expect(fault).toMatchObject({ code: 'output-unwritable', file: at(name) });
    expect(fault.message).toMatch(words);
    // Nor at the end, where it came there meanwhile.
    expect((await faultOf(place(at('new'), at(name), true))).code).toBe('output-unwritable');
  }
  expect(await readFile(at('new'), 'utf8')).toBe('picture');
  await new Promise((closed) => server.close(closed));
});

it('the photo itself is not overwritten, by whatever name', async () => {
  await mkdir(at('photos'));
  const photo = at('photos/a.png');
  await writeFile(photo, 'precious');
  await symlink(at('photos'), at('link'));
  await link(photo, at('hard.png'));
  await symlink(photo, at('soft.png'));
  for (const name of ['photos/a.png', 'link/a.png', 'hard.png', 'soft.png']) {
    const fault = await faultOf(expectPlace(at(name), true, photo));
    expect(fault).toMatchObject({ code: 'output-exists', file: at(name) });
    expect(fault.message).toContain('the photo itself');
  }
  await writeFile(at('b.png'), 'old');
  expect(await expectPlace(at('b.png'), true, photo)).toBe(at('b.png'));
});

it('through a symbolic link the file behind it is replaced, and the link stays', async () => {
  await writeFile(at('real.png'), 'old');
  await symlink(at('real.png'), at('link.png'));
  await writeFile(at('new'), 'new');
  const path = await expectPlace(at('link.png'), true);
  await place(at('new'), path, true);
  expect((await lstat(at('link.png'))).isSymbolicLink()).toBe(true);
  expect(await readFile(at('real.png'), 'utf8')).toBe('new');
});

it('names that are too long and folders that are closed are known before, and nothing stays', async () => {
  const long = await faultOf(expectPlace(at(`${'n'.repeat(252)}.png`), false));
  expect(long).toMatchObject({ code: 'output-unwritable' });
  expect(long.message).toContain('a name that is too long');
  await expectPlace(at('ok.png'), false);
  expect(await readdir(folder)).toEqual([]);
  if (process.platform === 'linux') {
    expect((await faultOf(expectPlace('/proc/a.png', false))).code).toBe('output-unwritable');
  }
});

it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a folder without permission to write (not as root, who may)',
  async () => {
    await mkdir(at('closed'), { mode: 0o500 });
    const fault = await faultOf(expectPlace(at('closed/a.png'), false));
    expect(fault.message).toContain('no permission to write there');
  },
);

it('a disk with too little room is known before', async () => {
  const layout = { width: 10_000_000, height: 10_000_000, channels: 4, depth: 16 } as const;
  const fault = await faultOf(expectRoom(at('huge.png'), 'png', layout, folder));
  expect(fault).toMatchObject({ code: 'disk-full', file: at('huge.png') });
  await expectRoom(at('small.png'), 'png', { width: 10, height: 10, channels: 3, depth: 8 }, folder);
});
