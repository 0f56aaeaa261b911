import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startChildEngine } from '../../src/childEngine/childEngine';
import type { EngineEvent, JobLine } from '../../src/shared/contract';
import { EngineLink } from '../../src/shared/link/engineLink';
import { JobKeeper } from '../../src/shared/link/jobKeeper';
import { endlessModel, writeNetwork } from '../fixtures/endlessModel';
import { buildEngineModule, buildModule, valueOf } from './builtEngine';
import { resources } from './methodSet';

/**
 * The watchdog with the process that it watches: built as it ships, and really blocked. The tests run beside each other:
 * they wait for its patience to end.
 */
let entry: string;
let blocked: string;
let folder: string;
let photo: string;

beforeAll(async () => {
  entry = await buildEngineModule();
  blocked = await buildModule('tests/fixtures/blockedProcess.ts', '-blocked');
  folder = await mkdtemp(join(tmpdir(), 'enlarger-watchdog-'));
  photo = join(folder, 'photo.png');
  await sharp({ create: { width: 40, height: 30, channels: 3, background: '#a85' } })
    .png()
    .toFile(photo);
  // The engine takes the resources nearest above itself.
  const models = join(dirname(entry), 'resources', 'models');
  await mkdir(models, { recursive: true });
  await cp(join(resources, 'models/fsrcnn'), join(models, 'fsrcnn'), { recursive: true });
  await writeNetwork(models, 'endless', endlessModel());
  // A fifth of the usual patience: 4 s for a run of a network, 2 s with nothing to do.
  vi.stubEnv('ENLARGER_PATIENCE', '0.2');
  vi.stubEnv('ENLARGER_HOME', join(folder, 'home'));
  vi.stubEnv('ENLARGER_SCRATCH', join(folder, 'scratch'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
  for (const built of [entry, blocked]) await rm(dirname(built), { recursive: true, force: true });
});

/** A process that has ended may stay listed, as a zombie, until its new parent looks. */
function isRunning(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

/** Processor time of a process, whole seconds below an hour. */
function secondsOf(pid: number): number {
  const time = spawnSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return time.split(':').reduce((sum, part) => sum * 60 + Math.floor(Number(part)), 0);
}

describe.concurrent('a network whose run does not end', () => {
  it('is ended and named, the engine goes on, and it is not tried again at once', async ({ expect }) => {
    const notices: string[] = [];
    const lost: [string, boolean][] = [];
    const ends = new Map<string, JobLine>();
    const hear = (event: EngineEvent): void => {
      if (event.event === 'notice') notices.push(event.message);
      if (event.event === 'job:ended') ends.set(event.line.job, event.line);
    };
    const link = new EngineLink({
      spawn: () => startChildEngine({ path: entry }),
      onEvent: (_client, event) => {
        keeper.hear(event);
        hear(event);
      },
      onLost: (reason, restarted) => {
        lost.push([reason, restarted]);
        void keeper.engineLost(reason, restarted);
      },
    });
    const keeper = new JobKeeper(link, (_client, event) => hear(event));
    const upscale = async (id: string): Promise<JobLine> => {
      const opened = valueOf(await link.call('test', 'photo:open', { photo: 'photo-a', path: photo })).photo;
      const order = {
        enlargement: { photo: opened, method: { id }, scale: 2, options: {} },
        encoding: { format: 'png' },
        output: { path: join(folder, `${id}.png`), overwrite: true },
      } as const;
      const { job } = await keeper.start('test', { kind: 'upscale', order });
      await expect.poll(() => ends.get(job)).toBeDefined();
      return ends.get(job)!;
    };
    try {
      // The engine that was started again takes the job up, and finds its network named.
      expect(await upscale('endless')).toMatchObject({ state: 'failed', fault: { code: 'bad-model' } });
      expect(lost).toMatchObject([
        [expect.stringMatching(/SIGKILL\n.*watchdog: endless was at one run of its network/s), true],
      ]);
      expect(await upscale('endless')).toMatchObject({ state: 'failed', fault: { code: 'bad-model' } });
      expect(notices.join()).toMatch(/endless did not come to an end.*left alone for an hour/);
      expect(await upscale('fsrcnn')).toMatchObject({ state: 'done', result: { width: 80 } });
      expect(lost).toHaveLength(1);
      expect(existsSync(join(folder, 'endless.png'))).toBe(false);
    } finally {
      await link.close();
    }
    expect(await readdir(join(folder, 'home'))).toEqual(['jobs', 'state.json']);
    expect(await readdir(join(folder, 'home/jobs'))).toEqual(['engines']);
  });

  it.skipIf(process.platform === 'win32')(
    'does not outlive the door that was killed (Windows has no parents to look up)',
    async ({ expect }) => {
      const script = resolve(import.meta.dirname, 'doorOfEngine.mjs');
      const door = spawn(process.execPath, [script, entry, photo, 'endless', join(folder, 'out.png')], {
        env: { ...process.env, ENLARGER_PATIENCE: '100', ENLARGER_HOME: join(folder, 'home of the killed') },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      door.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await expect.poll(() => said).toMatch(/begun/);
      const engine = Number(said.split('\n')[0]);
      // Two seconds of computing: it is in the run, and hears nothing any more.
      await expect.poll(() => secondsOf(engine)).toBeGreaterThanOrEqual(2);
      door.kill('SIGKILL');
      await once(door, 'exit');
      await expect.poll(() => isRunning(engine)).toBe(false);
    },
  );
});

describe.concurrent('an event loop that stands still', () => {
  const run = async (what: string, patience: string) => {
    const hungFile = join(folder, `hung-${what}.json`);
    const child = fork(blocked, [what, hungFile], {
      env: { ...process.env, ENLARGER_PATIENCE: patience },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    expect(existsSync(hungFile) && readFileSync(hungFile, 'utf8')).toBe(false); // no network is to blame
    return { code, signal, errors };
  };

  it.each([
    ['idle', '0.1', /no sign of life for 1\.\d s with nothing to do/],
    ['working', '0.005', /no sign of life for 1\.\d s with work to do/],
  ])('is ended: %s', async (what, patience, says) => {
    const { signal, errors } = await run(what, patience);
    expect(signal ?? 'SIGKILL').toBe('SIGKILL'); // Windows knows no signals
    expect(errors).toMatch(says);
  });

  it('for less than its patience is let be', async () => {
    expect(await run('briefly', '1')).toEqual({ code: 0, signal: null, errors: '' });
  });
});
