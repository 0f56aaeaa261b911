import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Codec } from '../../src/engine/process/answers';
import { buildEngine } from '../../src/engine/process/engine';
import { diskFull } from '../../src/engine/codec/fileFaults';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { SpentBuffers } from '../../src/engine/pixels/spentBuffers';
import { NO_GAUGES } from '../../src/engine/metrics/gauges';
import { pixelsInPlace } from '../../src/engine/pixels/pixels';
import { raster } from '../../src/engine/kernels/raster';
import { Server, type EnginePort } from '../../src/engine/process/server';
import type { EngineMessage, JobLine } from '../../src/shared/contract';
import { FakeRuntime } from './fakeRuntime';

/** The engine behind an in-memory port, with a codec that has one photo and keeps nothing. */
class Harness {
  readonly sent: EngineMessage[] = [];
  private listener: (message: unknown) => void = () => undefined;
  private readonly waiting = new Map<number, (message: EngineMessage) => void>();
  private nextId = 1;
  readonly closed: string[] = [];

  readonly port: EnginePort = {
    send: (message) => {
      this.sent.push(message);
      if ('id' in message) this.waiting.get(message.id)?.(message);
      return Promise.resolve();
    },
    onMessage: (listener) => void (this.listener = listener),
  };

  raw(message: unknown): void {
    this.listener(message);
  }

  call(call: string, params: unknown, client = 'test'): Promise<EngineMessage> {
    const id = this.nextId++;
    return new Promise((answer) => {
      this.waiting.set(id, answer);
      this.raw({ client, id, call, params });
    });
  }

  /** Starts a job; its end comes as an event. */
  async start(order: object, kind = 'upscale'): Promise<string> {
    const started = await this.call('job:start', { kind, order });
    if (!('result' in started) || !started.result.ok) throw new Error(JSON.stringify(started));
    return (started.result.value as JobLine).job;
  }

  ended(job: string): Promise<JobLine> {
    return expect
      .poll(() => this.endOf(job), { interval: 5 })
      .toBeDefined()
      .then(() => this.endOf(job)!);
  }

  private endOf(job: string): JobLine | undefined {
    const lines = this.sent.flatMap((message) =>
      'event' in message && message.event.event === 'job:ended' ? [message.event.line] : [],
    );
    return lines.find((line) => line.job === job);
  }

  codec(write: () => Promise<void>): Codec {
    const scratch = (width: number, height: number) => ({
      width,
      height,
      channels: 3,
      depth: 8,
      names: [],
      write,
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(void this.closed.push('scratch')),
    });
    const photo = () => {
      const close = () => Promise.resolve(void this.closed.push('photo'));
      const flaws = () => Promise.resolve([]);
      const neutral = () => Promise.resolve(false);
      const file = { path: '/p.png', temporary: false, stamp: { bytes: 1, changedAt: 1 }, flaws, neutral };
      return { ...photoOf(raster(300, 200, 3), 'p.png'), ...file, metadata: {}, scratchFolder: '', close };
    };
    const codec = {
      openPhoto: () => Promise.resolve(photo()),
      readWhole: () => Promise.reject(new Error('not here')),
      listImages: () => Promise.reject(new Error('not here')),
      displayTable: () => Promise.resolve(null),
      planEncoding: () => ({ depth: 8, notes: [] }),
      expectPlace: () => Promise.resolve('p.png'),
      expectRoom: () => Promise.resolve(),
      createScratch: ({ width, height }: { width: number; height: number }) =>
        Promise.resolve(scratch(width, height)),
      encodePhoto: () => Promise.resolve({ bytes: 1, notes: [] }),
    };
    return codec as unknown as Codec;
  }
}

let home: string;
let harness: Harness;
beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'enlarger-server-'))));
afterEach(() => rm(home, { recursive: true, force: true }));

async function serve(write: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  harness = new Harness();
  const server = new Server(harness.port);
  const answers = await buildEngine({
    files: harness.codec(write),
    runtime: new FakeRuntime(),
    pixels: pixelsInPlace,
    resources: undefined,
    buffers: new SpentBuffers(),
    ...{
      configFolder: home,
      scratchFolder: home,
      scratchRoot: home,
      sample: '',
      codec: { sharp: '0', libvips: '0' },
    },
    notice: (sentence) => server.notice(sentence),
    methodsChanged: (changes) => server.tell({ event: 'methods:changed', changes: [...changes] }),
    tellEach: (eventFor) => server.tellEach(eventFor),
    gauges: () => NO_GAUGES,
  });
  await server.serve(answers);
}

const upscaleOrder = {
  enlargement: { photo: 'photo-1', method: { id: 'bicubic' }, scale: 4, options: {} },
  encoding: { format: 'png' },
  output: { path: '/x.png', overwrite: false },
};

describe('the server', () => {
  it('says that it is ready once, and to the first client what it noticed before', async () => {
    await serve();
    expect(harness.sent).toEqual([{ ready: true }]);
    await harness.call('settings:read', {});
    expect(harness.sent[1]).toMatchObject({ client: 'test', event: { event: 'notice' } });
  });

  it.each([
    ['a call that is none', 'photo:steal', {}, /photo:steal/],
    ['parameters of the wrong kind', 'photo:close', { photo: 7 }, /photo: expected string, received 7/],
    ['parameters that are missing', 'view:want', {}, /revision/],
    ['too many tiles of credit', 'view:grant', { tiles: 65 }, /tiles: expected <=64, received 65/],
  ])('refuses %s with bad-message, and names it', async (_, call, params, sentence) => {
    await serve();
    expect(await harness.call(call, params)).toMatchObject({
      result: {
        ok: false,
        fault: { code: 'bad-message', message: expect.stringMatching(sentence) as string },
      },
    });
  });

  it('drops what is no call at all and goes on', async () => {
    await serve();
    for (const message of [null, 7, 'x', {}, { client: '', id: 1, call: 'x' }]) harness.raw(message);
    expect(await harness.call('settings:read', {})).toMatchObject({ result: { ok: true } });
  });

  it('answers what went wrong inside without its stack in the sentence', async () => {
    await serve();
    const line = await harness.ended(
      await harness.start(
        { dataset: 'a', scales: [2], methods: [{ id: 'bicubic' }], protocol: 'y', options: {} },
        'evaluate',
      ),
    );
    expect(line).toMatchObject({ state: 'failed', fault: { code: 'internal' } });
    expect(line.fault?.detail).toContain('not here');
    expect(line.fault?.message).not.toContain('not here');
  });
});

it("tells a page its photo's condition", async () => {
  await serve();
  await harness.call('photo:open', { photo: 'photo-1', path: '/p.png' });
  expect(await harness.call('photo:condition', { photo: 'photo-1' })).toMatchObject({
    result: { ok: true, value: { jpegQuality: null, findings: [] } },
  });
  expect(await harness.call('photo:condition', { photo: 'photo-2' })).toMatchObject({
    result: { ok: false, fault: { code: 'unknown-photo' } },
  });
});

describe('jobs', () => {
  it('that fill the disk fail as disk-full, and free what they held', async () => {
    await serve(() => Promise.reject(diskFull('/scratch', 12e9)));
    await harness.call('photo:open', { photo: 'photo-1', path: '/p.png' });
    expect(await harness.ended(await harness.start(upscaleOrder))).toMatchObject({
      state: 'failed',
      fault: { code: 'disk-full', file: '/scratch' },
    });
    expect(harness.closed).toEqual(['scratch']);
  });

  it('keep their photo readable when it is closed while they run', async () => {
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    await serve(() => {
      begun();
      return gate;
    });
    await harness.call('photo:open', { photo: 'photo-1', path: '/p.png' });
    const job = await harness.start(upscaleOrder);
    await started;
    await harness.call('photo:close', { photo: 'photo-1' });
    expect(harness.closed).toEqual([]);
    goOn();
    expect(await harness.ended(job)).toMatchObject({ state: 'done' });
    expect(harness.closed).toEqual(['scratch', 'photo']);
  });
});
