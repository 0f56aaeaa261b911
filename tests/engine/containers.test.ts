import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePrivateFolder, sweepPrivateFolders } from '../../src/privateFolders/privateFolder';
import { ownFolder } from '../fixtures/ownFolder';
import { buildModule } from './builtEngine';

/** Processes, mounts, users and the host's name of its own: what two containers on one machine have apart. */
const APART = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts'];
const canUnshare =
  process.platform === 'linux' &&
  spawnSync('unshare', [...APART, 'sh', '-c', 'hostname elsewhere']).status === 0;

let holder: string;
const started: ChildProcess[] = [];
beforeAll(async () => (holder = await buildModule('tests/fixtures/folderHolder.ts', '-holder')));
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rm(dirname(holder), { recursive: true, force: true }));

/** A process in a container of its own that has a private folder below `root`. */
async function inContainer(root: string): Promise<{ child: ChildProcess; pid: number; folder: string }> {
  const inside = 'hostname elsewhere && exec "$0" "$@"';
  const child = spawn('unshare', [...APART, 'sh', '-c', inside, process.execPath, holder, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const [pid, folder] = said.toString().trim().split(' ');
  return { child, pid: Number(pid), folder: folder! };
}

describe.skipIf(!canUnshare)('two containers that share a folder (needs unshare of Linux)', () => {
  it('leave what the other one works in, and clear away what it left when it was killed', async () => {
    const root = await ownFolder('containers');
    const mine = await makePrivateFolder(root);
    const other = await inContainer(root);
    // Its number is that of another process here, or of none: it says nothing.
    expect(other.pid).toBeLessThan(10);
    expect(existsSync(mine.path)).toBe(true);
    await sweepPrivateFolders(root);
    expect(existsSync(other.folder)).toBe(true);
    const third = await inContainer(root);
    expect([mine.path, other.folder, third.folder].map(existsSync)).toEqual([true, true, true]);

    const gone = once(other.child, 'close');
    other.child.kill('SIGKILL');
    await gone;
    await sweepPrivateFolders(root);
    expect([mine.path, other.folder, third.folder].map(existsSync)).toEqual([true, false, true]);
    await mine.close();
  });
});
