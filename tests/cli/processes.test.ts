import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWithEngine, runEnlarger, startEnlarger } from './enlargerProcess';

/** The real command line against an engine that is stopped, deaf or dead at the right moment. */
let folder: string;
let build: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-processes-'));
  build = buildWithEngine(folder, join(import.meta.dirname, 'scriptedEngine.js'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const upscale = (...names: string[]): string[] => [
  'upscale',
  ...names,
  '-o',
  `${folder}/out/`,
  '--scale',
  '2',
];

/** A process that has ended may stay listed, as a zombie, until its new parent looks. */
function isRunning(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

describe.skipIf(process.platform === 'win32')('Ctrl-C (Windows has no such signals to send)', () => {
  it('stops the job, keeps what is done, and ends with 130', async () => {
    const running = startEnlarger([...upscale('first.png', 'slow.png', 'later.png', 'last.png'), '--json'], {
      build,
    });
    await running.whenStderrHas('begun slow.png');
    running.child.kill('SIGINT');
    const { status, stdout, stderr } = await running.ended;
    expect(status).toBe(130);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { input: string; error?: string });
    expect(lines[0]).toMatchObject({ input: 'first.png', width: 20 });
    expect(lines.find(({ input }) => input === 'slow.png')?.error).toMatch(/Stopped/);
    expect(lines.map(({ input }) => input)).not.toContain('last.png');
    expect(stderr).toMatch(/Stopped: \d of 4 photos are done and whole/);
  });

  it('twice ends at once, the engine too', async () => {
    const running = startEnlarger(upscale('deaf.png'), { build });
    await running.whenStderrHas('begun deaf.png');
    running.child.kill('SIGINT');
    await running.whenStderrHas('Stopping');
    running.child.kill('SIGINT');
    const { status, stderr } = await running.ended;
    expect(status).toBe(130);
    const engine = Number(/begun deaf\.png in (\d+)/.exec(stderr)?.[1]);
    await expect.poll(() => isRunning(engine)).toBe(false);
  });
});

describe('an engine that dies', () => {
  it('fails only the photo that killed it', async () => {
    const { status, stdout, stderr } = await runEnlarger(
      [...upscale('poison.png', 'good.png', 'last.png'), '--json'],
      {
        build,
      },
    );
    expect(status).toBe(1);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { input: string; error?: string });
    expect(lines.map(({ input, error }) => [input, error === undefined])).toEqual([
      ['poison.png', false],
      ['good.png', true],
      ['last.png', true],
    ]);
    expect(stderr).toMatch(/engine stopped unexpectedly/);
    expect(stderr).toMatch(/segmentation of a fault/);
  });

  it('is missed in one sentence where it is not built', async () => {
    rmSync(join(build, 'engine/index.js'));
    const { status, stdout, stderr } = await runEnlarger(['methods'], { build });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: Expected the built engine at .*; run "npm run build"\.\n$/);
  });
});
