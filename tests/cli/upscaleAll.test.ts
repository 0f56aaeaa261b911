import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gatherBatch, upscaleAll } from '../../src/cli/commands/upscale';
import { EngineSession, type Link } from '../../src/cli/engineSession';
import { EXIT } from '../../src/cli/exitStatus';
import type { EngineEvent, JobLine } from '../../src/shared/contract';
import { Terminal } from '../../src/cli/terminal';
import { readUpscaleCall } from '../../src/cli/upscaleCall';
import type { Fault, Result } from '../../src/shared/faults';

/** An engine of a few lines: opens any name of 100 x 50, fails where a name says so. */
class ScriptedLink implements Link {
  readonly calls: { call: string; params: Record<string, unknown> }[] = [];
  onUpscale: () => void = () => undefined;
  tell: (event: EngineEvent) => void = () => undefined;

  call(_client: string, call: string, params: object): Promise<never> {
    this.calls.push({ call, params: params as Record<string, unknown> });
    return Promise.resolve(this.answer(call, params as Record<string, unknown>)) as Promise<never>;
  }

  close(): Promise<void> {
    this.calls.push({ call: 'closed', params: {} });
    return Promise.resolve();
  }

  private answer(call: string, params: Record<string, unknown>): Result<unknown> {
    const fault = (code: Fault['code'], message: string): Result<never> => ({
      ok: false,
      fault: { code, message },
    });
    switch (call) {
      case 'methods:list':
        return { ok: true, value: [{ id: 'bicubic' }, { id: 'fsrcnn' }] };
      case 'photo:open':
        if (String(params['name']).includes('broken')) return fault('unreadable-image', 'Cannot be read.');
        return {
          ok: true,
          value: { photo: 'photo-1', width: 100, height: 50, notes: ['CMYK became sRGB.'] },
        };
      case 'job:start': {
        this.onUpscale();
        const { order } = params as { order: { enlargement: { scale: number } } };
        const { scale } = order.enlargement;
        const line: JobLine = {
          job: `job${this.calls.length}`,
          kind: 'upscale',
          title: 'photo',
          state: 'running',
          mine: true,
          begunAt: 0,
          progress: null,
        };
        const result = { width: 100 * scale, height: 50 * scale, seconds: 0.25, device: 'cpu', notes: [] };
        this.tell({ event: 'job:ended', line: { ...line, state: 'done', result } });
        return { ok: true, value: line };
      }
      default:
        return { ok: true, value: null };
    }
  }
}

let folder: string;
let out: string[];
let err: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-cli-'));
  out = [];
  err = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const run = async (
  link: ScriptedLink,
  inputs: string[],
  more: object = {},
  signal = new AbortController().signal,
) => {
  const session = new EngineSession(
    ({ onEvent }) => {
      link.tell = onEvent;
      return link;
    },
    signal,
    () => undefined,
  );
  const call = readUpscaleCall(inputs, { output: `${folder}/`, method: 'fsrcnn', device: 'auto', ...more });
  return upscaleAll(session, call, await gatherBatch(call), new Terminal({ quiet: false, json: true }));
};
const lines = (): unknown[] =>
  out
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('goes on after a photo that fails, names it, and ends with 1', async () => {
  const link = new ScriptedLink();
  expect(await run(link, ['a.jpg', 'broken.jpg', 'c.jpg'], { scale: '2' })).toBe(EXIT.failed);
  expect(lines()).toEqual([
    {
      input: 'a.jpg',
      output: join(folder, 'a-fsrcnn-x2.png'),
      method: 'fsrcnn',
      scale: 2,
      width: 200,
      height: 100,
      seconds: 0.25,
      device: 'cpu',
      notes: ['CMYK became sRGB.'],
    },
    { input: 'broken.jpg', error: 'broken.jpg: Cannot be read.' },
    expect.objectContaining({ input: 'c.jpg' }),
  ]);
  expect(err.join('')).toMatch(/a\.jpg: CMYK became sRGB\./);
  expect(err.join('')).toMatch(/1 of 3 photos failed: broken\.jpg\./);
  expect(link.calls.filter(({ call }) => call === 'photo:close')).toHaveLength(2);
});

it('refuses an output that exists before the photo is opened', async () => {
  writeFileSync(join(folder, 'a-fsrcnn-x4.png'), 'precious');
  const link = new ScriptedLink();
  expect(await run(link, ['a.jpg'])).toBe(EXIT.failed);
  expect(link.calls.map(({ call }) => call)).toEqual(['methods:list']);
  expect(err.join('')).toMatch(/exists already; add --overwrite or --skip-existing/);
});

it('asks the engine for the scale, density and format that the options mean', async () => {
  const link = new ScriptedLink();
  const options = { print: '10cm@254dpi', format: 'tiff', depth: '16', region: '10,10,40,20' };
  expect(await run(link, ['a.jpg'], options)).toBe(EXIT.done);
  expect(link.calls.find(({ call }) => call === 'job:start')?.params).toMatchObject({
    kind: 'upscale',
    order: {
      enlargement: { scale: 25, region: { x: 10, y: 10, width: 40, height: 20 } },
      encoding: { format: 'tiff', depth: 16, density: 254 },
      output: { path: join(folder, 'a-fsrcnn-x25.tiff'), overwrite: false },
    },
  });
});

it('stops at an interrupt: no photo more, and status 130', async () => {
  const stop = new AbortController();
  const link = new ScriptedLink();
  link.onUpscale = () => stop.abort();
  expect(await run(link, ['a.jpg', 'b.jpg', 'c.jpg'], {}, stop.signal)).toBe(EXIT.interrupted);
  expect(link.calls.some(({ call }) => call === 'job:stop')).toBe(true);
  expect(link.calls.filter(({ params }) => params['name'] === 'c.jpg')).toEqual([]);
});

it('knows a wrong method before any work', async () => {
  const link = new ScriptedLink();
  await expect(run(link, ['a.jpg'], { method: 'bicubik' })).rejects.toThrow(
    'Expected --method to be the id of a method, such as bicubic, received bicubik; "enlarger methods" lists them.',
  );
});

it('leaves what is there already as it is, counts it, and ends with 0', async () => {
  writeFileSync(join(folder, 'a-fsrcnn-x4.png'), 'precious');
  const link = new ScriptedLink();
  expect(await run(link, ['a.jpg', 'b.jpg'], { skipExisting: true })).toBe(EXIT.done);
  expect(lines()).toEqual([
    { input: 'a.jpg', output: join(folder, 'a-fsrcnn-x4.png'), skipped: true },
    expect.objectContaining({ input: 'b.jpg', width: 400 }),
  ]);
  expect(err.join('')).toMatch(/1 of 2 photos were enlarged, 1 were there already\./);
  expect(link.calls.find(({ call }) => call === 'job:start')?.params).toMatchObject({ takeUp: true });
});

it('skips by a name that only the opened photo tells', async () => {
  writeFileSync(join(folder, 'a 200x100.png'), 'precious');
  const more = { skipExisting: true, name: '{name} {width}x{height}', scale: '2' };
  expect(await run(new ScriptedLink(), ['a.jpg'], more)).toBe(EXIT.done);
  expect(lines()).toEqual([{ input: 'a.jpg', output: join(folder, 'a 200x100.png'), skipped: true }]);
});
