import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobOrderInput, ParamsInput, Shows, TileEvent, TileRect } from '../../src/shared/contract';
import { measure } from '../../src/engine/kernels/metrics';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import type { MethodRef } from '../../src/shared/enlargement';
import { newPhotoToken } from '../../src/shared/link/photoBook';
import { mapJpeg, withGainMap } from '../fixtures/gainMaps';
import { gradient } from '../fixtures/pictures';
import { buildEngineModule, runJob, startEngine, startJob, valueOf, type RunningEngine } from './builtEngine';

/** The engine as its doors meet it: a process of its own, built as it ships. One for all tests. */
let entry: string;
let folder: string;
let engine: RunningEngine;

const CLIENTS = ['test', 'other', 'me', 'you', 'next', 'third', 'a', 'b'];

beforeAll(async () => {
  // Of the bundled methods those that are used here, and a heavy one for the doctor.
  entry = await buildEngineModule(['espcn', 'fsrcnn', 'edsr']);
  folder = await mkdtemp(join(tmpdir(), 'enlarger-process-'));
  engine = await startEngine(entry);
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
  await rm(dirname(entry), { recursive: true, force: true });
});
/** A client that closes has nothing left: no photo, no view, no credit. Its answer comes after all that was sent. */
afterEach(async () => {
  for (const client of CLIENTS) valueOf(await engine.link.call(client, 'client:close', {}));
  engine.forget();
});

async function drawPhoto(width: number, height: number, name = `${width}x${height}.png`): Promise<string> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 7 + (i >> 9) * 13) & 255;
  const path = join(folder, name);
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

async function wholePixels(path: string): Promise<Raster> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const size = info.width * info.height;
  const found = raster(info.width, info.height, 3);
  for (let i = 0; i < size; i++)
    for (let c = 0; c < 3; c++) found.data[c * size + i] = data[3 * i + c]! / 255;
  return found;
}

async function open(path: string, client = 'test'): Promise<string> {
  return valueOf(await engine.link.call(client, 'photo:open', { photo: newPhotoToken(), path })).photo;
}

type Order = JobOrderInput<'upscale'>;
type Enlargement = Order['enlargement'];
const fsrcnn = { id: 'fsrcnn' };
const bicubic = { id: 'bicubic' };

const order = (photo: string, what: Partial<Enlargement> = {}, more: Partial<Order> = {}): Order => ({
  enlargement: { photo, method: fsrcnn, scale: 2, options: {}, ...what },
  encoding: { format: 'png' },
  output: { path: join(folder, 'out.png'), overwrite: true },
  ...more,
});

interface Wanted {
  readonly revision?: number;
  readonly method?: MethodRef;
  readonly scale?: number;
  readonly options?: { readonly consistent?: boolean; readonly ensemble?: boolean };
  readonly shows?: Shows;
  readonly tiles?: readonly TileRect[];
}

/** One layer and its tiles, the most urgent first. */
const wanting = (photo: string, more: Wanted = {}): ParamsInput<'view:want'> => ({
  revision: more.revision ?? 1,
  display: 'srgb',
  layers: [
    {
      enlargement: {
        photo,
        method: more.method ?? bicubic,
        scale: more.scale ?? 2,
        options: more.options ?? {},
      },
      shows: more.shows ?? 'enlargement',
    },
  ],
  tiles: (more.tiles ?? [{ x: 0, y: 0, width: 64, height: 64 }]).map((tile) => ({ layer: 0, ...tile })),
});

/** Waits for the tiles at these places: two are made at once, so a later one may be done first. */
async function arrivedAt(revision: number, places: readonly number[]): Promise<void> {
  for (const x of places)
    await engine.event('view:tile', (event) => event.revision === revision && event.tile.x === x);
}

const tilesOf = (revision: number): TileEvent[] =>
  engine.events.flatMap(({ event }) =>
    event.event === 'view:tile' && event.revision === revision ? [event] : [],
  );

/** Four tiles of 64 pixels in a row. */
const row = [0, 64, 128, 192].map((x) => ({ x, y: 0, width: 64, height: 64 }));

describe('a crash', () => {
  it('fails what waits with engine-lost; the engine starts again and the next call works', async () => {
    const path = await drawPhoto(600, 400);
    await startJob(engine, 'upscale', order(await open(path), { scale: 4 }));
    await engine.event('job:progress', ({ done }) => done > 0);
    const waiting = open(path);
    engine.child().kill('SIGKILL');
    await expect(waiting).rejects.toThrow('stopped unexpectedly');
    const again = await open(path);
    const done = valueOf(await runJob(engine, 'upscale', order(again, { method: bicubic })));
    expect([done.width, done.height]).toEqual([1200, 800]);
    expect(engine.lost).toHaveLength(1);
  });
});

describe('an upscale job', () => {
  it('writes the file, tells its progress and the device', async () => {
    const photo = await open(await drawPhoto(200, 151));
    const done = valueOf(await runJob(engine, 'upscale', order(photo, { scale: 2.5 })));
    expect(done).toMatchObject({ width: 500, height: 378, device: 'cpu' });
    const written = await sharp(join(folder, 'out.png')).metadata();
    expect([written.width, written.height]).toEqual([500, 378]);
    const stages = engine.events.flatMap(({ event }) => (event.event === 'job:progress' ? [event] : []));
    expect(stages[0]).toMatchObject({ stage: 'enlarge', done: 0, secondsLeft: null });
    const enlarged = stages.filter(({ stage }) => stage === 'enlarge').at(-1)!;
    expect(enlarged.done).toBe(enlarged.total);
    expect(stages.at(-1)).toMatchObject({ stage: 'encode', done: 100, total: 100 });
  });

  it('of a region has the pixels that the whole has there', async () => {
    const photo = await open(await drawPhoto(90, 70));
    const [whole, part] = [join(folder, 'whole.png'), join(folder, 'part.png')];
    const to = (path: string): Pick<Order, 'output'> => ({ output: { path, overwrite: true } });
    valueOf(await runJob(engine, 'upscale', order(photo, { scale: 3 }, to(whole))));
    const region = { x: 20, y: 11, width: 31, height: 17 };
    valueOf(await runJob(engine, 'upscale', order(photo, { scale: 3, region }, to(part))));
    const area = { left: 60, top: 33, width: 93, height: 51 };
    const expected = await sharp(whole).extract(area).raw().toBuffer();
    const found = await sharp(part).raw().toBuffer();
    const largest = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
    expect(largest).toBeLessThanOrEqual(1);
  });

  it('of a photo with a gain map keeps it: that of the region, in the ratio that it had', async () => {
    const ramp = gradient({ width: 24, height: 16, channels: 1, depth: 8 });
    const kind = { by: 'adobe', found: ['index', 'directory'] } as const;
    const picture = gradient({ width: 96, height: 64, channels: 3, depth: 8 });
    const path = join(folder, 'shining.jpg');
    await writeFile(path, await withGainMap(picture, await mapJpeg(ramp, 'adobe'), kind));
    const photo = await open(path);
    const file = async (format: 'jpeg' | 'png') => {
      const output = { path: join(folder, `region.${format}`), overwrite: true };
      const region = { x: 24, y: 16, width: 48, height: 32 };
      const what = { method: bicubic, region };
      const { notes } = valueOf(
        await runJob(engine, 'upscale', order(photo, what, { output, encoding: { format } })),
      );
      const opened = valueOf(
        await engine.link.call('test', 'photo:open', { photo: newPhotoToken(), path: output.path }),
      );
      return { notes, opened, content: await readFile(output.path) };
    };
    const kept = await file('jpeg');
    expect(kept.notes).toEqual([]);
    expect(kept.opened).toMatchObject({ width: 96, height: 64, gainMap: true, notes: [] });
    const map = sharp(kept.content.subarray(kept.content.lastIndexOf(Buffer.from([0xff, 0xd8, 0xff]))));
    const { data, info } = await map.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([24, 16]);
    // From a quarter of the ramp to three quarters of it.
    expect(Math.abs(data[8 * 24]! - 255 * (0.1 + 0.8 * 0.25))).toBeLessThan(6);
    expect(Math.abs(data[8 * 24 + 23]! - 255 * (0.1 + 0.8 * 0.75))).toBeLessThan(6);
    const lost = await file('png');
    expect(lost.opened.gainMap).toBe(false);
    expect(lost.notes).toEqual(['PNG has no place for the gain map (high dynamic range): left out.']);
  });

  it('stops between two tiles and leaves nothing behind', async () => {
    const photo = await open(await drawPhoto(1400, 1000));
    const before = await readdir(folder);
    const output = { path: join(folder, 'stopped.png'), overwrite: false };
    const { line, ended } = await startJob(engine, 'upscale', order(photo, { scale: 4 }, { output }));
    await engine.event('job:progress', ({ done }) => done > 0);
    valueOf(await engine.link.call('test', 'job:stop', { job: line.job }));
    expect(await ended).toMatchObject({ ok: false, fault: { code: 'stopped' } });
    const last = engine.events
      .flatMap(({ event }) => (event.event === 'job:progress' ? [event] : []))
      .at(-1)!;
    expect(last.done).toBeLessThan(last.total);
    expect(await readdir(folder)).toEqual(before);
  });

  it.each([
    [
      'a region outside',
      { region: { x: 90, y: 0, width: 20, height: 5 } },
      {},
      'bad-region',
      /100 x 80 pixels/,
    ],
    ['an unknown method', { method: { id: 'fsrcn' } }, {}, 'unknown-method', /there are: .*fsrcnn/],
    [
      'a method whose files are others by now',
      { method: { id: 'fsrcnn', sum: '0123456789abcdef' } },
      {},
      'method-changed',
      /fsrcnn .*0123456789abcdef.* again/,
    ],
    ['a scale of 31', { scale: 31 }, {}, 'bad-message', /scale/],
    ['a scale that is no number', { scale: Number.NaN }, {}, 'bad-message', /scale/],
    ['a device that is not here', {}, { device: 'coreml' as const }, 'device-failed', /here are: cpu/],
    [
      'a side too long for the format',
      { scale: 30, photo: 'long' },
      { encoding: { format: 'webp' as const } },
      'format-limit',
      /WebP/,
    ],
    [
      'a folder that is not there',
      {},
      { output: { path: '/nowhere/at/all.png', overwrite: false } },
      'output-unwritable',
      /nowhere/,
    ],
    ['a photo that is not open', { photo: 'photo-99' }, {}, 'unknown-photo', /photo-99/],
  ])(
    'refuses %s in one sentence, before any work',
    async (_, what: Partial<Enlargement>, more: Partial<Order>, code, sentence) => {
      const photo = await open(await drawPhoto(100, 80));
      const long = what.photo === 'long' ? { photo: await open(await drawPhoto(1000, 10)) } : {};
      const result = await runJob(engine, 'upscale', order(photo, { ...what, ...long }, more));
      expect(result).toMatchObject({ ok: false, fault: { code } });
      if (result.ok) return;
      expect(result.fault.message).toMatch(sentence);
      expect(result.fault.message).not.toMatch(/\n| at .*:\d+/);
      expect(engine.events.filter(({ event }) => event.event === 'job:progress' && event.done > 0)).toEqual(
        [],
      );
    },
  );

  it('never writes over a file unasked', async () => {
    const photo = await open(await drawPhoto(20, 20));
    const path = join(folder, 'mine.txt');
    await writeFile(path, 'mine');
    const output = { path, overwrite: false };
    expect(await runJob(engine, 'upscale', order(photo, {}, { output }))).toMatchObject({
      fault: { code: 'output-exists' },
    });
  });

  it('takes one pixel, and one column of 20,000', async () => {
    for (const [width, height] of [
      [1, 1],
      [1, 20_000],
    ] as const) {
      const photo = await open(await drawPhoto(width, height));
      const done = valueOf(await runJob(engine, 'upscale', order(photo)));
      expect([done.width, done.height]).toEqual([2 * width, 2 * height]);
    }
  });
});

describe('a sheet for the screen', () => {
  it('tells its own client how far it is: places of crops that are tried, then methods', async () => {
    const photo = await open(await drawPhoto(400, 300));
    const document = { sheet: 1, photos: [{ name: '400x300.png' }], methods: [bicubic, fsrcnn], scales: [2] };
    const drawn = await engine.link.call('test', 'sheet:draw', {
      document,
      photos: [{ photo }],
    } as ParamsInput<'sheet:draw'>);
    expect(valueOf(drawn).svg).toContain('<svg');
    const told = engine.events.flatMap(({ client, event }) =>
      event.event === 'sheet:drawing' ? [{ client, ...event }] : [],
    );
    expect(new Set(told.map(({ client }) => client))).toEqual(new Set(['test']));
    expect(told.map(({ done }) => done)).toEqual(Array.from({ length: 15 }, (_, step) => step));
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([14]));
    expect(told.map(({ label }) => label).slice(11)).toEqual([
      undefined,
      'Bicubic ×2',
      'FSRCNN ×2',
      undefined,
    ]);
  });
});

describe('a view', () => {
  it('gets no more tiles than it granted, the most urgent first, of exactly their size', async () => {
    const photo = await open(await drawPhoto(200, 100));
    valueOf(await engine.link.call('test', 'view:want', wanting(photo, { tiles: row })));
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 2 }));
    await arrivedAt(1, [0, 64]);
    // Whatever else were sent would have been sent before the answer to this.
    valueOf(await engine.link.call('test', 'settings:read', {}));
    const placesSent = tilesOf(1).map(({ tile }) => tile.x);
    expect(placesSent.sort((a, b) => a - b)).toEqual([0, 64]);
    for (const { pixels } of tilesOf(1)) expect(pixels.length).toBe(64 * 64 * 4);
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 8 }));
    await arrivedAt(1, [128, 192]);
    expect(tilesOf(1)).toHaveLength(4);
  });

  it('is told of a tile that takes its time when it begins and after each of its runs, of a quick one nothing', async () => {
    const photo = await open(await drawPhoto(64, 64));
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 2 }));
    valueOf(await engine.link.call('test', 'view:want', wanting(photo)));
    await arrivedAt(1, [0]);
    const slow = wanting(photo, { revision: 2, method: fsrcnn, options: { ensemble: true } });
    valueOf(await engine.link.call('test', 'view:want', slow));
    await arrivedAt(2, [0]);
    const told = engine.events.flatMap(({ event }) => (event.event === 'view:making' ? [event] : []));
    expect(told.map(({ revision, share }) => [revision, share])).toEqual(
      Array.from({ length: 8 }, (_, runs) => [2, runs / 8]),
    );
    expect(told[0]!.tile).toEqual({ x: 0, y: 0, width: 64, height: 64 });
  });

  it('that wants something else gets that, and nothing late', async () => {
    const photo = await open(await drawPhoto(200, 100));
    valueOf(await engine.link.call('test', 'view:want', wanting(photo, { tiles: row })));
    const newer = wanting(photo, { revision: 2, scale: 3, tiles: row.slice(1, 3) });
    valueOf(await engine.link.call('test', 'view:want', newer));
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 8 }));
    await arrivedAt(2, [64, 128]);
    expect(tilesOf(1)).toEqual([]);
    expect(tilesOf(2)).toHaveLength(2);
  });

  it('is served between the tiles of a job', async () => {
    const photo = await open(await drawPhoto(1400, 1000));
    // Open before, and a job of many tiles: it must not be over before anybody looks.
    const theirs = await open(await drawPhoto(64, 64), 'other');
    valueOf(await engine.link.call('other', 'view:grant', { tiles: 4 }));
    const { line, ended } = await startJob(engine, 'upscale', order(photo, { scale: 4 }));
    await engine.event('job:progress', ({ done }) => done > 0);
    valueOf(await engine.link.call('other', 'view:want', wanting(theirs)));
    await engine.event('view:tile');
    const seen = engine.events.findIndex(({ event }) => event.event === 'view:tile');
    const enlarging = engine.events
      .slice(0, seen)
      .flatMap(({ event }) => (event.event === 'job:progress' ? [event] : []));
    const { done, total } = enlarging.at(-1)!;
    expect(done).toBeLessThan(total);
    valueOf(await engine.link.call('test', 'job:stop', { job: line.job }));
    await ended;
  });

  it('shows the photo itself, reduced, below scale 1', async () => {
    const photo = await open(await drawPhoto(1200, 900));
    const tiles = [{ x: 0, y: 0, width: 240, height: 180 }];
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 1 }));
    valueOf(await engine.link.call('test', 'view:want', wanting(photo, { scale: 0.2, tiles })));
    const { pixels } = await engine.event('view:tile');
    expect(pixels.length).toBe(240 * 180 * 4);
  });

  it('has what bicubic enlargement has, tile by tile', async () => {
    const photo = await open(await drawPhoto(100, 100));
    valueOf(await runJob(engine, 'upscale', order(photo, { method: bicubic })));
    const tile = { x: 37, y: 50, width: 101, height: 77 };
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 1 }));
    valueOf(await engine.link.call('test', 'view:want', wanting(photo, { tiles: [tile] })));
    const { pixels } = await engine.event('view:tile');
    const area = { left: tile.x, top: tile.y, width: tile.width, height: tile.height };
    const file = await sharp(join(folder, 'out.png')).extract(area).ensureAlpha().raw().toBuffer();
    expect(Buffer.compare(Buffer.from(pixels), file)).toBe(0);
  });

  it('shows what was invented as the map of a job does, and how much it is', async () => {
    const photo = await open(await drawPhoto(100, 80));
    const invented = join(folder, 'map.png');
    const output = { path: join(folder, 'out.png'), invented, overwrite: true };
    const options = { consistent: true };
    const more = { method: { id: 'lanczos' }, scale: 2.5, options };
    const done = valueOf(await runJob(engine, 'upscale', order(photo, more, { output })));
    const tiles = [
      { x: 0, y: 0, width: 131, height: 200 },
      { x: 131, y: 0, width: 119, height: 200 },
    ];
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 4 }));
    const want = wanting(photo, { ...more, tiles, shows: 'invented' });
    valueOf(await engine.link.call('test', 'view:want', want));
    await arrivedAt(1, [0, 131]);
    let squares = 0;
    for (const { tile, pixels, squares: own } of tilesOf(1)) {
      squares += own!;
      const area = { left: tile.x, top: tile.y, width: tile.width, height: tile.height };
      const map = await sharp(invented).extract(area).toColourspace('b-w').raw().toBuffer();
      const greens = pixels.filter((_, i) => i % 4 === 1);
      const furthest = greens.reduce((most, value, i) => Math.max(most, Math.abs(value - map[i]!)), 0);
      expect(furthest).toBeLessThanOrEqual(1);
    }
    expect(255 * Math.sqrt(squares / (250 * 200))).toBeCloseTo(done.invented!, 3);
    expect(done.invented).toBeGreaterThan(0.1);
  });

  it('keeps tiles of different options and of what was invented apart', async () => {
    const photo = await open(await drawPhoto(60, 50));
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 4 }));
    const seen: string[] = [];
    const wanted: Wanted[] = [{}, { options: { consistent: true } }, { shows: 'invented' }];
    for (const [index, more] of wanted.entries()) {
      const want = wanting(photo, { method: { id: 'lanczos' }, revision: index + 1, ...more });
      valueOf(await engine.link.call('test', 'view:want', want));
      const { pixels } = await engine.event('view:tile', ({ revision }) => revision === index + 1);
      seen.push(Buffer.from(pixels).toString('base64'));
    }
    expect(new Set(seen).size).toBe(3);
  });

  it('has nothing invented to show where nothing is enlarged', async () => {
    const photo = await open(await drawPhoto(100, 100));
    const want = wanting(photo, { scale: 1, shows: 'invented' });
    valueOf(await engine.link.call('test', 'view:want', want));
    expect(await engine.event('view:failed')).toMatchObject({
      fault: { code: 'bad-option', message: expect.stringContaining('above 1') as string },
    });
  });

  it('whose photo is closed hears no more of it', async () => {
    const photo = await open(await drawPhoto(200, 100));
    valueOf(await engine.link.call('test', 'view:want', wanting(photo, { tiles: row })));
    valueOf(await engine.link.call('test', 'photo:close', { photo }));
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 8 }));
    valueOf(await engine.link.call('test', 'settings:read', {}));
    expect(engine.events.filter(({ event }) => event.event.startsWith('view:'))).toEqual([]);
  });

  it('is told of a layer that cannot be made, by its key, and gets the others all the same', async () => {
    const photo = await open(await drawPhoto(100, 100));
    const good = wanting(photo);
    const bad = wanting(photo, { tiles: [{ x: 150, y: 0, width: 64, height: 64 }], scale: 3 });
    const gone = wanting('photo-gone');
    const layers = [bad, gone, good].flatMap((want) => want.layers);
    const tiles = [bad, gone, good].flatMap((want, layer) => want.tiles.map((tile) => ({ ...tile, layer })));
    const outside = { ...tiles[0]!, x: 250 };
    valueOf(await engine.link.call('test', 'view:grant', { tiles: 4 }));
    const want = { ...good, layers, tiles: [outside, ...tiles] };
    valueOf(await engine.link.call('test', 'view:want', want));
    await engine.event('view:tile');
    const failures = engine.events.flatMap(({ event }) => (event.event === 'view:failed' ? [event] : []));
    expect(failures.map(({ layer, fault }) => [layer.split(' ')[0], fault.code])).toEqual([
      [photo, 'bad-region'],
      ['photo-gone', 'unknown-photo'],
    ]);
    expect(failures[0]!.fault.message).toContain('300 x 300');
    expect(tilesOf(1)).toHaveLength(1);
  });

  it('refuses a tile of a layer that is not wanted with it', async () => {
    const photo = await open(await drawPhoto(100, 100));
    const want = { ...wanting(photo), tiles: [{ layer: 1, x: 0, y: 0, width: 64, height: 64 }] };
    expect(await engine.link.call('test', 'view:want', want)).toMatchObject({
      fault: { code: 'bad-message', message: expect.stringContaining('layer 1') as string },
    });
  });

  it('gets the tiles of several layers in their one order', async () => {
    const photo = await open(await drawPhoto(300, 300));
    const first = wanting(photo, { method: fsrcnn });
    const second = wanting(photo, { method: { id: 'espcn' } });
    const place = (layer: number, x: number) => ({ layer, x, y: 0, width: 64, height: 64 });
    const tiles = [place(1, 0), place(0, 0), place(1, 64), place(0, 64), place(0, 128), place(1, 128)];
    const want = { ...first, layers: [...first.layers, ...second.layers], tiles };
    valueOf(await engine.link.call('test', 'view:want', want));
    // One at a time, so that two that are made beside each other cannot change places.
    for (let sent = 1; sent <= tiles.length; sent += 1) {
      valueOf(await engine.link.call('test', 'view:grant', { tiles: 1 }));
      await engine.event('view:tile', () => tilesOf(1).length === sent);
    }
    const came = tilesOf(1).map(({ layer, tile }) => [layer.includes('espcn') ? 1 : 0, tile.x]);
    expect(came).toEqual(tiles.map(({ layer, x }) => [layer, x]));
  });
});

describe('clients', () => {
  it('have photos of their own, and lose them when they close', async () => {
    const path = await drawPhoto(30, 30);
    const mine = await open(path, 'me');
    expect(await engine.link.call('you', 'photo:close', { photo: mine })).toMatchObject({
      fault: { code: 'unknown-photo' },
    });
    valueOf(await engine.link.call('me', 'client:close', {}));
    expect(await engine.link.call('me', 'photo:close', { photo: mine })).toMatchObject({
      fault: { code: 'unknown-photo' },
    });
  });

  it('that close leave their jobs, which the next one who lists them has', async () => {
    const photo = await open(await drawPhoto(300, 200));
    const { line, ended } = await startJob(engine, 'upscale', order(photo, { scale: 4 }));
    expect(line).toMatchObject({ mine: true, title: '300x200.png', kind: 'upscale' });
    valueOf(await engine.link.call('test', 'client:close', {}));
    const listedBy = async (client: string) =>
      valueOf(await engine.link.call(client, 'jobs:list', {})).find(({ job }) => job === line.job);
    expect(await listedBy('next')).toMatchObject({ mine: true });
    expect(valueOf(await ended)).toMatchObject({ width: 1200, height: 800 });
    const done = await listedBy('third');
    expect(done).toMatchObject({ job: line.job, mine: false, state: 'done', result: { width: 1200 } });
  });

  it('that come back have their jobs again, which others who were there do not take meanwhile', async () => {
    const photo = await open(await drawPhoto(300, 200));
    const { line, ended } = await startJob(engine, 'upscale', order(photo, { scale: 4 }));
    const isOf = async (client: string) =>
      valueOf(await engine.link.call(client, 'jobs:list', {})).find(({ job }) => job === line.job)?.mine;
    expect(await isOf('neighbour')).toBe(false);
    valueOf(await engine.link.call('test', 'client:close', { comesBack: true }));
    expect(await isOf('neighbour')).toBe(false);
    valueOf(await engine.link.call('test again', 'client:follow', { earlier: 'test' }));
    expect([await isOf('neighbour'), await isOf('test again')]).toEqual([false, true]);
    // Gone, and followed by nobody: whoever comes after has them.
    valueOf(await engine.link.call('test again', 'client:close', { comesBack: true }));
    expect([await isOf('neighbour'), await isOf('newcomer')]).toEqual([false, true]);
    valueOf(await engine.link.call('newcomer', 'client:close', { comesBack: true }));
    valueOf(await engine.link.call('newcomer', 'client:close', {})); // for good
    expect(await isOf('neighbour')).toBe(true);
    valueOf(await ended);
  });

  it('share their settings, and none takes back what another changed', async () => {
    valueOf(await engine.link.call('a', 'settings:change', { theme: 'dark' }));
    valueOf(await engine.link.call('b', 'settings:change', { scale: 3.5 }));
    expect(valueOf(await engine.link.call('c', 'settings:read', {}))).toMatchObject({
      theme: 'dark',
      scale: 3.5,
    });
  });
});

it('large pictures are measured beside the engine’s own thread, to the very same figures', async () => {
  const photo = await drawPhoto(1100, 1000);
  const [reference, result] = await Promise.all(
    [0, 1].map(async (k) => {
      const path = join(folder, `measured-${k}.tiff`);
      const drawn = sharp(photo);
      await (k === 0 ? drawn : drawn.blur(0.6)).tiff({ compression: 'none' }).toFile(path);
      return path;
    }),
  );
  const asked = { reference: reference!, result: result!, border: 4, protocol: 'y' as const };
  const found = valueOf(await runJob(engine, 'metrics', asked));
  const [a, b] = await Promise.all([wholePixels(reference!), wholePixels(result!)]);
  const { psnrY, ...others } = measure(a, b, asked);
  expect(found).toMatchObject(others);
  // Squared errors are summed strip by strip.
  expect(found.psnrY).toBeCloseTo(psnrY!, 9);
});

it('the doctor finds every model well', async () => {
  const found = valueOf(await runJob(engine, 'doctor', {}));
  expect(found.models.filter(({ ok }) => !ok)).toEqual([]);
  expect(found.models.map(({ id }) => id).sort()).toEqual(['edsr', 'espcn', 'fsrcnn']);
  expect(found.devices[0]).toMatchObject({ device: 'cpu', found: true });
});

it('the engine goes when its parent does', async () => {
  const orphan = await startEngine(entry);
  try {
    valueOf(await orphan.link.call('test', 'settings:read', {}));
    const gone = new Promise((done) => orphan.child().once('exit', done));
    orphan.child().disconnect();
    expect(await gone).toBe(0);
  } finally {
    await orphan.close();
  }
});
