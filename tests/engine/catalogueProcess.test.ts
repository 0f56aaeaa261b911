import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobOrderInput, MethodCard, ParamsInput } from '../../src/shared/contract';
import type { MethodRef } from '../../src/shared/enlargement';
import { buildEngineModule, runJob, startEngine, valueOf, type RunningEngine } from './builtEngine';
import { writeOwnModel } from './ownModels';

/** The user's models come and go while a real engine runs. */
let entry: string;
let home: string;
let engine: RunningEngine;
const photo = 'photo-mine';

beforeAll(async () => (entry = await buildEngineModule()));
afterAll(() => rm(dirname(entry), { recursive: true, force: true }));
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'enlarger-catalogue-'));
  engine = await startEngine(entry, home);
});
afterEach(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

const mine = (): string => join(home, 'models', 'mine');
const write = (from: string): Promise<string> =>
  writeOwnModel(mine(), 'mine', from, { origin: 'personal', source: 'my photos' });

const list = async (of = engine, client = 'test'): Promise<MethodCard[]> =>
  valueOf(await of.link.call(client, 'methods:list', {}));
const cardOf = async (id: string): Promise<MethodCard | undefined> =>
  (await list()).find((card) => card.id === id);

async function open(width: number, height: number): Promise<void> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 7 + (i >> 9) * 13) & 255;
  const path = join(home, 'photo.png');
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  valueOf(await engine.link.call('test', 'photo:open', { photo, path }));
}

let revision = 0;
const tile = { x: 0, y: 0, width: 64, height: 64 };
async function want(method: MethodRef): Promise<void> {
  const enlargement = { photo, method, scale: 2, options: {} };
  const asked: ParamsInput<'view:want'> = {
    revision: ++revision,
    display: 'srgb',
    layers: [{ enlargement, shows: 'enlargement' }],
    tiles: [{ layer: 0, ...tile }],
  };
  valueOf(await engine.link.call('test', 'view:want', asked));
}

async function shown(method: MethodRef): Promise<Uint8Array> {
  await want(method);
  valueOf(await engine.link.call('test', 'view:grant', { tiles: 1 }));
  return (await engine.event('view:tile', (event) => event.revision === revision)).pixels;
}

async function failure(method: MethodRef): Promise<unknown> {
  await want(method);
  return (await engine.event('view:failed', (event) => event.revision === revision)).fault;
}

const job = (method: MethodRef, name: string): JobOrderInput<'upscale'> => ({
  enlargement: { photo, method, scale: 4, options: {} },
  encoding: { format: 'png' },
  output: { path: join(home, `${name}.png`), overwrite: false },
});

describe('a model of the user’s', () => {
  it('appears, is used, and is replaced without a pixel of the old one', async () => {
    await open(40, 40);
    expect(await cardOf('mine')).toBeUndefined();
    await engine.link.call('other', 'settings:read', {});
    await write('fsrcnn');
    const first = (await cardOf('mine'))!;
    expect(first).toMatchObject({ origin: 'personal', source: 'my photos', licence: 'MIT' });
    await engine.event('methods:changed');
    const hearers = engine.events.filter(({ event }) => event.event === 'methods:changed');
    expect(hearers.map(({ client }) => client).sort()).toEqual(['other', 'test']);
    const old = await shown({ id: 'mine', sum: first.sum });
    expect(old).toEqual(await shown({ id: 'fsrcnn' }));
    expect(await shown({ id: 'mine' })).toEqual(old);

    await write('espcn');
    const second = (await cardOf('mine'))!;
    expect(second.sum).not.toBe(first.sum);
    await engine.event('methods:changed', ({ changes }) => changes[0]!.change === 'replaced');
    const fresh = await shown({ id: 'mine', sum: second.sum });
    expect(fresh).toEqual(await shown({ id: 'espcn' }));
    expect(fresh).not.toEqual(old);
    expect(await shown({ id: 'mine' })).toEqual(fresh);
    const changed = {
      code: 'method-changed',
      message: expect.stringContaining('Choose it once more') as string,
    };
    expect(await failure({ id: 'mine', sum: first.sum })).toMatchObject(changed);
    const order = job({ id: 'mine', sum: first.sum }, 'late');
    expect(await runJob(engine, 'upscale', order)).toMatchObject({ fault: changed });
  });

  it('that is replaced while its tiles wait fails them, whichever files were meant', async () => {
    await open(40, 40);
    await write('fsrcnn');
    await list();
    await want({ id: 'mine' });
    await write('espcn');
    await list();
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 1 }));
    const failed = await engine.event('view:failed', (event) => event.revision === revision);
    expect(failed.fault.code).toBe('method-changed');
  });

  it('that is removed while a job uses it finishes the job, and is gone for everybody else', async () => {
    await open(300, 220);
    await write('fsrcnn');
    await list();
    const running = runJob(engine, 'upscale', job({ id: 'mine' }, 'begun'));
    await engine.event('job:progress', ({ done }) => done > 0);
    await rm(mine(), { recursive: true });
    expect(await cardOf('mine')).toBeUndefined();
    await engine.event('methods:changed', ({ changes }) => changes[0]!.change === 'removed');
    expect(await failure({ id: 'mine' })).toMatchObject({
      code: 'unknown-method',
      message: expect.stringContaining('mine, but it was removed') as string,
    });
    valueOf(await running);
    valueOf(await runJob(engine, 'upscale', job({ id: 'fsrcnn' }, 'whole')));
    const [begun, whole] = await Promise.all(
      ['begun', 'whole'].map((name) =>
        sharp(join(home, `${name}.png`))
          .raw()
          .toBuffer(),
      ),
    );
    expect(begun!.equals(whole!)).toBe(true);
  });

  it('is seen by a second engine at its next list', async () => {
    const terminal = await startEngine(entry, home);
    try {
      const ids = async (of: RunningEngine): Promise<string[]> => (await list(of)).map(({ id }) => id);
      expect(await ids(terminal)).not.toContain('mine');
      await write('fsrcnn');
      expect(await ids(engine)).toContain('mine');
      expect(await ids(terminal)).toContain('mine');
      await rm(mine(), { recursive: true });
      expect(await ids(terminal)).not.toContain('mine');
      expect(await ids(engine)).not.toContain('mine');
    } finally {
      await terminal.close();
    }
  });
});
