import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHost, type Host, type HostOptions } from '../../src/host/server';
import { readPageFiles } from '../../src/host/static';
import type { CallMessage, PhotoInfo } from '../../src/shared/contract';
import { ask, BrowserTab, enter } from './browserTab';
import { FakeEngine, PHOTO, photoFor } from './fakeEngine';

const LINE = {
  job: 'job1',
  kind: 'upscale',
  title: 'a.png',
  state: 'running',
  mine: true,
  begunAt: 0,
  progress: null,
};
const ORDER = {
  enlargement: { photo: 'photo-1', method: { id: 'bicubic' }, scale: 2, options: {} },
  encoding: { format: 'png' },
};
const TILE = { x: 0, y: 0, width: 1, height: 1 };
const pathOf = (message: CallMessage): string => (message.params as { path: string }).path;

/** Without the sign that the folder's process lives. */
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => !name.startsWith('.'));

const exportPath = (message: CallMessage): string =>
  (message.params as { order: { output: { path: string } } }).order.output.path;

let page: string;
let engine: FakeEngine;
let host: Host;
let uploaded: Buffer | undefined;

beforeEach(async () => {
  page = await mkdtemp(join(tmpdir(), 'enlarger-page-'));
  await mkdir(join(page, 'assets'));
  await writeFile(join(page, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(page, 'assets/a-1234.js'), 'export {};');
  await writeFile(join(page, 'secret.txt'), 'not a part of the page');
  uploaded = undefined;
  engine = new FakeEngine({
    'photo:open': async (message) => {
      uploaded = await readFile(pathOf(message));
      return photoFor(message);
    },
    'photo:sample': photoFor,
    'method:export': async ({ params }) => {
      await writeFile((params as { path: string }).path, 'exported');
      return { ok: true, value: null };
    },
    'job:start': async (message) => {
      if (JSON.stringify(message.params).includes('photo-none'))
        return { ok: false, fault: { code: 'unknown-photo', message: 'Expected an open photo.' } };
      if ((message.params as { kind: string }).kind === 'upscale')
        await writeFile(exportPath(message), 'enlarged');
      const { title } = message.params as { title: string };
      return { ok: true, value: { ...LINE, title } };
    },
    'job:resume': ({ params }) => {
      const { job } = params as { job: string };
      return { ok: true, value: { ...LINE, job, title: 'b.png' } };
    },
  });
  host = await startHostWith();
});

/** No tab is given up for being slow, unless a test asks for it. */
const startHostWith = async (more: Partial<HostOptions> = {}): Promise<Host> =>
  startHost({
    pageFiles: await readPageFiles(page),
    spawnEngine: engine.spawn,
    port: 0,
    version: '1.2.3',
    uploadBytesMax: 1000,
    pongWithinMs: 30_000,
    ...more,
  });

afterEach(async () => {
  await host.close();
  await rm(page, { recursive: true });
});

const origin = (): string => `http://127.0.0.1:${host.port}`;
async function openTab(cookie: string): Promise<BrowserTab> {
  return BrowserTab.open(host.port, { cookie, origin: origin() });
}
const send = (
  tabCookie: string,
  client: string,
  body: string | Uint8Array,
  name = 'a.png',
): ReturnType<typeof ask> =>
  ask(host.port, `/photos?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: {
      cookie: tabCookie,
      origin: origin(),
      'x-enlarger-client': client,
      'content-length': body.length,
    },
    body,
  });

describe('who is let in', () => {
  it('exchanges the token for a cookie once, then says what to do', async () => {
    const { pathname, search } = new URL(host.address);
    const first = await ask(host.port, pathname + search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^enlarger-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    const second = await ask(host.port, pathname + search);
    expect(second.status).toBe(403);
    expect(second.body).toContain('works once');
    expect(second.body).toContain('enlarger serve');
    const cookie = first.headers['set-cookie']![0]!.split(';')[0]!;
    const again = await ask(host.port, pathname + search, { headers: { cookie } });
    expect(again.status).toBe(303);
    expect((await ask(host.port, '/', { headers: { cookie } })).body).toContain('<title>page</title>');
  });

  it('refuses a wrong token and does not spend the right one on it, nor on a look ahead', async () => {
    expect((await ask(host.port, '/?token=wrong')).status).toBe(403);
    const { search } = new URL(host.address);
    expect((await ask(host.port, `/${search}`, { method: 'HEAD' })).status).toBe(403);
    expect((await ask(host.port, `/${search}`, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(403);
    expect(await enter(host.address)).not.toBe('');
  });

  it.each(['/', '/assets/a-1234.js', '/download/x', '/photos'])(
    'refuses %s without the cookie',
    async (path) => {
      expect((await ask(host.port, path)).status).toBe(403);
      expect(
        (await ask(host.port, path, { headers: { cookie: `enlarger-${host.port}=guess` } })).status,
      ).toBe(403);
    },
  );

  it('refuses other hosts and origins, whoever asks', async () => {
    const cookie = await enter(host.address);
    const tries = [
      { host: 'evil.example' },
      { host: `evil.example:${host.port}` },
      { host: '127.0.0.1.evil.example' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${host.port + 1}` },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ];
    for (const headers of tries) {
      expect((await ask(host.port, '/', { headers: { cookie, ...headers } })).status).toBe(403);
    }
    expect((await ask(host.port, '/', { headers: { cookie, host: 'localhost:9' } })).status).toBe(200);
    const noOrigin = await ask(host.port, '/photos?name=a', {
      method: 'POST',
      headers: { cookie },
      body: 'x',
    });
    expect(noOrigin.status).toBe(403);
  });

  it('refuses a WebSocket without cookie, with another origin, and at another address', async () => {
    const cookie = await enter(host.address);
    await expect(BrowserTab.open(host.port, { origin: origin() })).rejects.toThrow('403');
    await expect(BrowserTab.open(host.port, { cookie })).rejects.toThrow('403');
    await expect(BrowserTab.open(host.port, { cookie, origin: 'http://evil.example' })).rejects.toThrow(
      '403',
    );
    const tab = await openTab(cookie);
    expect(await tab.call('door:describe', {})).toMatchObject({
      ok: true,
      value: { door: 'browser', version: '1.2.3' },
    });
  });
});

describe('the page', () => {
  it('comes with a strict policy and is kept as long as it may be', async () => {
    const cookie = await enter(host.address);
    const { headers } = await ask(host.port, '/', { headers: { cookie } });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${host.port};`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const asset = await ask(host.port, '/assets/a-1234.js', { headers: { cookie } });
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.headers['content-type']).toContain('text/javascript');
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/assets/../../secret',
    '/secret.txt',
    '//etc/passwd',
    '/assets',
    '/constructor',
  ])('has nothing at %s', async (path) => {
    const cookie = await enter(host.address);
    expect((await ask(host.port, path, { headers: { cookie } })).status).toBe(404);
  });

  it('answers a request that is no address', async () => {
    const cookie = await enter(host.address);
    expect((await ask(host.port, 'http://[', { headers: { cookie } })).status).toBe(400);
  });
});

describe('a tab', () => {
  it("forwards a page's calls under its own client and brings the engine's events", async () => {
    const cookie = await enter(host.address);
    const [one, two] = [await openTab(cookie), await openTab(cookie)];
    expect(await one.call('methods:list', {})).toEqual({ ok: true, value: null });
    const { client } = await engine.called('methods:list');
    expect(await two.client()).not.toBe(await one.client());
    expect(client).not.toContain(await one.client());
    const pixels = new Uint8Array([1, 2, 3, 255]);
    engine.tell(client, { event: 'view:tile', layer: 'photo-1 whole', revision: 3, tile: TILE, pixels });
    expect(await one.event()).toMatchObject({ event: 'view:tile', revision: 3, pixels: Buffer.from(pixels) });
  });

  it.each([
    'photo:open',
    'job:start',
    'job:resume',
    'job:place',
    'client:close',
    'door:nothing',
    'toString',
    '',
  ])('may not call %j', async (call) => {
    const tab = await openTab(await enter(host.address));
    const answer = await tab.call(call, { path: '/etc/passwd' });
    expect(answer).toMatchObject({ ok: false, fault: { code: 'bad-message' } });
    expect(engine.calls).toEqual([]);
  });

  it('is cut off for a frame that is no call', async () => {
    const cookie = await enter(host.address);
    const frames = [new Uint8Array([1, 2]), new Uint8Array([2, 0, 0, 0, 123, 125]), 'text'];
    for (const frame of frames) {
      const tab = await openTab(cookie);
      tab.socket.send(frame);
      expect(await tab.closed).toBe(1008);
    }
  });

  it('closes its client in the engine when it goes', async () => {
    const tab = await openTab(await enter(host.address));
    await tab.call('methods:list', {});
    const { client } = await engine.called('methods:list');
    tab.socket.close();
    expect((await engine.called('client:close')).client).toBe(client);
  });

  it('is told when the engine was lost, and its waiting calls fail', async () => {
    const stuck = new FakeEngine({ 'methods:list': () => new Promise(() => undefined) });
    const other = await startHost({
      pageFiles: await readPageFiles(page),
      spawnEngine: stuck.spawn,
      port: 0,
      version: '1',
    });
    const headers = { cookie: await enter(other.address), origin: `http://127.0.0.1:${other.port}` };
    const tab = await BrowserTab.open(other.port, headers);
    const answer = tab.call('methods:list', {});
    await stuck.called('methods:list');
    stuck.die('signal SIGKILL');
    expect(await answer).toMatchObject({ ok: false, fault: { code: 'engine-lost' } });
    expect(await tab.event()).toMatchObject({ event: 'engine:lost', fault: { detail: 'signal SIGKILL' } });
    await other.close();
  });
});

describe('uploads', () => {
  it('opens a photo from a private file under a token; closed, it can be opened again', async () => {
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    const client = await tab.client();
    const { status, body } = await send(cookie, client, 'bytes', '../../한 장.png');
    const { value } = JSON.parse(body) as { value: PhotoInfo };
    const { photo } = value;
    expect([status, value]).toEqual([200, { ...PHOTO, photo, name: '../../한 장.png' }]);
    expect(photo).toMatch(/^photo-[\w-]{24}$/);
    expect(uploaded?.toString()).toBe('bytes');
    const open = await engine.called('photo:open');
    expect(open).toMatchObject({ params: { photo, name: '../../한 장.png' } });
    const path = pathOf(open);
    expect(path).not.toContain('한');
    expect(existsSync(path)).toBe(true);
    await tab.call('photo:close', { photo });
    expect(await tab.call('photo:reopen', { photo })).toMatchObject({ ok: true, value: { photo } });
    expect(await tab.call('photo:reopen', { photo: 'photo-guess' })).toMatchObject({
      fault: { code: 'unknown-photo' },
    });
  });

  it('holds a model for its tab until it is forgotten, and sends an exported one once', async () => {
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    const headers = { cookie, origin: origin(), 'x-enlarger-client': await tab.client() };
    const sent = await ask(host.port, '/models?name=net.onnx', { method: 'POST', headers, body: 'weights' });
    const { value } = JSON.parse(sent.body) as { value: { model: string; name: string } };
    expect(value.name).toBe('net.onnx');
    const { model } = value;
    await tab.call('model:import', { model, keep: false });
    const order = ((await engine.called('job:start')).params as { order: { path: string } }).order;
    expect(order).toMatchObject({ file: 'net.onnx', keep: false });
    expect(await readFile(order.path, 'utf8')).toBe('weights');
    await tab.call('model:forget', { model });
    expect(existsSync(order.path)).toBe(false);

    const { value: made } = (await tab.call('model:export', { id: 'my-dog' })) as {
      value: { name: string; download: string };
    };
    expect(made.name).toBe('my-dog.onnx');
    const fetched = await ask(host.port, made.download, { headers: { cookie } });
    expect([fetched.status, fetched.body]).toEqual([200, 'exported']);
  });

  it('takes none for a tab that is not open, and keeps none beyond the limit', async () => {
    const cookie = await enter(host.address);
    expect((await send(cookie, 'tab-guess', 'bytes')).status).toBe(403);
    const client = await (await openTab(cookie)).client();
    const announced = await send(cookie, client, 'x'.repeat(1001));
    expect(announced.status).toBe(413);
    expect(JSON.parse(announced.body)).toMatchObject({
      ok: false,
      fault: { code: 'too-large', file: 'a.png' },
    });
    const unannounced = await ask(host.port, '/photos?name=b.png', {
      method: 'POST',
      headers: { cookie, origin: origin(), 'x-enlarger-client': client, 'transfer-encoding': 'chunked' },
      body: 'x'.repeat(1001),
    });
    expect(unannounced.status).toBe(413);
    expect(engine.calls).toEqual([]);
  });

  it('deletes what broke off and opens nothing', async () => {
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    const client = await tab.client();
    await send(cookie, client, 'whole');
    const folder = dirname(pathOf(await engine.called('photo:open')));
    const socket = connect(host.port, '127.0.0.1');
    socket.write(
      `POST /photos?name=b.png HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nOrigin: ${origin()}\r\n` +
        `Cookie: ${cookie}\r\nx-enlarger-client: ${client}\r\nContent-Length: 100\r\n\r\nhalf`,
    );
    await expect.poll(async () => (await filesIn(folder)).length).toBe(2);
    socket.destroy();
    await once(socket, 'close');
    await expect.poll(async () => (await filesIn(folder)).length).toBe(1);
    expect(engine.calls.filter(({ call }) => call === 'photo:open')).toHaveLength(1);
    await host.close();
    expect(existsSync(folder)).toBe(false);
  });
});

describe('exports', () => {
  it('can be fetched once, by their name, and are deleted then', async () => {
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    const result = await tab.call('door:export', { order: ORDER, suggestedName: '../내 사진 "x2".png' });
    expect(result).toMatchObject({ ok: true, value: { job: 'job1', title: '내 사진 x2 .png' } });
    const collected = await tab.call('door:collect', { job: 'job1' });
    const { download } = (collected as { value: { download: string } }).value;
    expect((await ask(host.port, download)).status).toBe(403);
    expect(await tab.call('door:finished', {})).toMatchObject({ value: [{ job: 'job1' }] });
    const fetching = tab.call('door:fetched', { job: 'job1' });
    const fetched = await ask(host.port, download, { headers: { cookie } });
    expect(fetched.body).toBe('enlarged');
    expect(fetched.headers['content-disposition']).toBe(
      `attachment; filename="_ __ x2 .png"; filename*=UTF-8''%EB%82%B4%20%EC%82%AC%EC%A7%84%20x2%20.png`,
    );
    await fetching;
    expect(await tab.call('door:finished', {})).toEqual({ ok: true, value: [] });
    expect((await ask(host.port, download, { headers: { cookie } })).status).toBe(404);
    const made = await engine.called('job:start');
    expect(made.params).toMatchObject({ kind: 'upscale', order: { output: { overwrite: false } } });
    await expect.poll(() => existsSync(exportPath(made))).toBe(false);
  });

  it('of sheets have the extension of their format; what has files beside it is one archive', async () => {
    const tab = await openTab(await enter(host.address));
    const document = { sheet: 1, photos: [{ name: 'a.png' }], methods: [{ id: 'bicubic' }], scales: [2] };
    const asked = { document, photos: [{ photo: 'photo-7' }], suggestedName: '../a', orderId: 'sheet-9' };
    const save = (format: string): Promise<unknown> => tab.call('door:sheet', { ...asked, format });
    expect(await save('pdf')).toMatchObject({ ok: true, value: { title: 'a.pdf' } });
    const { params } = await engine.called('job:start');
    expect(params).toMatchObject({
      kind: 'sheet',
      orderId: 'sheet-9',
      order: { output: { overwrite: false, format: 'pdf' } },
    });
    expect(await save('tex')).toMatchObject({ ok: true, value: { title: 'a.zip' } });
    const outputs = engine.calls
      .filter(({ call }) => call === 'job:start')
      .map((one) => (one.params as { order: { output: object } }).order.output);
    expect(outputs[1]).toMatchObject({ format: 'tex', packed: { as: 'a.tex' } });
  });

  it('of several files are one batch, each fetched by itself', async () => {
    const tab = await openTab(await enter(host.address));
    const files = ['a', 'b'].map((suggestedName) => ({ order: ORDER, suggestedName }));
    const result = await tab.call('door:exportAll', { files, batch: 'batch-1' });
    expect(result).toMatchObject({ ok: true, value: [{ title: 'a.png' }, { title: 'b.png' }] });
    expect((await engine.called('job:start')).params).toMatchObject({ batch: 'batch-1', title: 'a.png' });
  });

  it('of several files go on where one cannot be started: its fault stands in its place', async () => {
    const tab = await openTab(await enter(host.address));
    const gone = { ...ORDER, enlargement: { ...ORDER.enlargement, photo: 'photo-none' } };
    const files = [gone, ORDER].map((order) => ({ order, suggestedName: 'a' }));
    const result = await tab.call('door:exportAll', { files, batch: 'batch-1' });
    expect(result).toMatchObject({
      ok: true,
      value: [{ fault: { code: 'unknown-photo' } }, { title: 'a.png' }],
    });
  });

  it('outlive their tab: the next one fetches them', async () => {
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    await tab.call('door:export', { order: ORDER, suggestedName: 'a' });
    tab.socket.close();
    await engine.called('client:close');
    const next = await openTab(cookie);
    // Its own tab may come back for it, and is not asked for by another.
    expect(await next.call('door:finished', {})).toEqual({ ok: true, value: [] });
    const collected = await next.call('door:collect', { job: 'job1' });
    const { download } = (collected as { value: { download: string } }).value;
    expect((await ask(host.port, download, { headers: { cookie } })).body).toBe('enlarged');
    expect(await next.call('door:collect', { job: 'job1' })).toMatchObject({ fault: { code: 'not-found' } });
  });

  it('of a batch over whose beginning the engine dies, all begin with the next one, once it has the photos', async () => {
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    const { body } = await send(cookie, await tab.client(), 'bytes');
    const { photo } = (JSON.parse(body) as { value: PhotoInfo }).value;
    const order = { ...ORDER, enlargement: { ...ORDER.enlargement, photo } };
    const files = ['a', 'b'].map((suggestedName) => ({ order, suggestedName }));
    engine.calls.length = 0;
    engine.diesOver('job:start');
    const result = await tab.call('door:exportAll', { files, batch: 'batch-1' });
    expect(result).toMatchObject({ value: [{ title: 'a.png' }, { title: 'b.png' }] });
    const made = engine.calls.map(({ call }) => call).filter((call) => call !== 'job:resume');
    expect(made).toEqual(['job:start', 'photo:open', 'job:start', 'job:start']);
  });

  it('go on after the engine died, for the tab that started them', async () => {
    const tab = await openTab(await enter(host.address));
    await tab.call('door:export', { order: ORDER, suggestedName: 'a' });
    const { client } = await engine.called('job:start');
    engine.die('killed');
    const resumed = await engine.called('job:resume');
    expect(resumed).toMatchObject({ client, params: { job: 'job1', crashed: true } });
  });

  it('of a photo that its tab has not asked for again yet, since it came back: it is opened first', async () => {
    const cookie = await enter(host.address);
    const first = await openTab(cookie);
    const secret = await first.client();
    const { body } = await send(cookie, secret, 'bytes');
    const { photo } = (JSON.parse(body) as { value: PhotoInfo }).value;
    first.socket.close();
    await engine.called('client:close');
    engine.calls.length = 0;
    const next = await BrowserTab.open(host.port, { cookie, origin: origin() }, [
      'enlarger',
      `tab.${secret}`,
    ]);
    const order = { ...ORDER, enlargement: { ...ORDER.enlargement, photo } };
    expect(await next.call('door:export', { order, suggestedName: 'a' })).toMatchObject({ ok: true });
    expect(engine.calls.map(({ call }) => call)).toEqual(['photo:open', 'job:start']);
  });

  it('that an earlier host left come into a file of this one', async () => {
    const tab = await openTab(await enter(host.address));
    expect(await tab.call('door:resume', { job: 'old1' })).toMatchObject({
      ok: true,
      value: { job: 'old1', title: 'b.png' },
    });
    const { params } = await engine.called('job:resume');
    const { output } = params as { output: { path: string; overwrite: boolean } };
    expect(output.overwrite).toBe(false);
    await writeFile(output.path, 'resumed');
    expect(await tab.call('door:collect', { job: 'old1' })).toMatchObject({ ok: true });
  });
});

describe('a tab that comes back', () => {
  const upload = async (cookie: string, tab: BrowserTab): Promise<string> => {
    const { body } = await send(cookie, await tab.client(), 'bytes');
    return (JSON.parse(body) as { value: PhotoInfo }).value.photo;
  };
  const back = (cookie: string, secret: string): Promise<BrowserTab> =>
    BrowserTab.open(host.port, { cookie, origin: origin() }, ['enlarger', `tab.${secret}`]);

  it('has its photos, its uploads and its snapshot; its engine work of before is stopped', async () => {
    const cookie = await enter(host.address);
    const first = await openTab(cookie);
    const photo = await upload(cookie, first);
    const secret = await first.client();
    await first.call('session:write', { snapshot: { photos: [photo] } });
    first.socket.close();
    await first.closed;
    await engine.called('client:close');
    const tab = await back(cookie, secret);
    expect(tab.socket.protocol).toBe('enlarger');
    expect(await tab.client()).toBe(secret);
    expect(await tab.call('session:read', {})).toMatchObject({ value: { snapshot: { photos: [photo] } } });
    uploaded = undefined;
    expect(await tab.call('photo:reopen', { photo })).toMatchObject({ ok: true, value: { photo } });
    expect(String(uploaded)).toBe('bytes');
  });

  it('and says nothing when its place is taken: a duplicate, or a guess, is another tab', async () => {
    const cookie = await enter(host.address);
    const first = await openTab(cookie);
    const photo = await upload(cookie, first);
    const secret = await first.client();
    await first.call('session:write', { snapshot: 'mine' });
    for (const claimed of [secret, 'guess', '']) {
      const other = await back(cookie, claimed);
      expect(await other.client()).not.toBe(secret);
      expect(await other.call('session:read', {})).toMatchObject({ value: { snapshot: null } });
      expect(await other.call('photo:reopen', { photo })).toMatchObject({ fault: { code: 'unknown-photo' } });
    }
    expect(await first.call('session:read', {})).toMatchObject({ value: { snapshot: 'mine' } });
  });

  it('takes the place of its own connection that nobody answers on any more', async () => {
    await host.close();
    host = await startHostWith({ pongWithinMs: 50 });
    const cookie = await enter(host.address);
    const first = await openTab(cookie);
    const secret = await first.client();
    await first.call('session:write', { snapshot: 'mine' });
    first.socket.pause(); // as through a tunnel that broke: open, and silent
    const tab = await back(cookie, secret);
    expect(await tab.client()).toBe(secret);
    expect(await tab.call('session:read', {})).toMatchObject({ value: { snapshot: 'mine' } });
  });

  it('has its photos again after the engine died', async () => {
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    const photo = await upload(cookie, tab);
    const sample = await tab.call('photo:sample', {});
    expect(sample).toMatchObject({ ok: true });
    engine.calls.length = 0;
    engine.die('code 134');
    expect(await tab.event()).toMatchObject({ event: 'engine:lost' });
    expect(await tab.event()).toEqual({ event: 'engine:restored', failed: [] });
    expect(engine.calls.map(({ call, params }) => [call, (params as { photo: string }).photo])).toEqual([
      ['photo:open', photo],
      ['photo:sample', (sample as { value: PhotoInfo }).value.photo],
    ]);
  });
});

describe('a page that asks for too much', () => {
  it.each([
    // So many that they come faster than they may even through a machine that is busy.
    ['calls', 10_000, (tab: BrowserTab) => void tab.call('methods:list', {})],
    ['credit', 20, (tab: BrowserTab) => void tab.call('view:grant', { tiles: 64 })],
  ])('is closed, alone: %s', async (_what, times, ask) => {
    const cookie = await enter(host.address);
    const [greedy, modest] = [await openTab(cookie), await openTab(cookie)];
    for (let call = 0; call < times; call++) ask(greedy);
    expect(await greedy.closed).toBe(1008);
    expect(await modest.call('methods:list', {})).toMatchObject({ ok: true });
    modest.socket.close();
  });

  it('with a call that is larger than any is closed', async () => {
    const tab = await openTab(await enter(host.address));
    void tab.call('session:write', { snapshot: 'x'.repeat(4 * 2 ** 20) });
    expect(await tab.closed).toBe(1009);
  });

  it('with more than 32 photos on their way is told to wait with the next', async () => {
    const cookie = await enter(host.address);
    const client = await (await openTab(cookie)).client();
    const head =
      `POST /photos?name=b.png HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nOrigin: ${origin()}\r\n` +
      `Cookie: ${cookie}\r\nx-enlarger-client: ${client}\r\nContent-Length: 100\r\n\r\nhalf`;
    const onTheWay = Array.from({ length: 32 }, () => connect(host.port, '127.0.0.1'));
    for (const socket of onTheWay) socket.write(head);
    await expect
      .poll(async () => (await send(cookie, client, 'one more')).body)
      .toContain('at most 32 files on their way at once');
    for (const socket of onTheWay) socket.destroy();
    await expect.poll(async () => (await send(cookie, client, 'one more')).status).toBe(200);
  });

  it('may send twenty photos at once, and nothing warns of listeners', async () => {
    const warnings: string[] = [];
    const heard = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', heard);
    const cookie = await enter(host.address);
    const tab = await openTab(cookie);
    const client = await tab.client();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(cookie, client, 'a photo')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    process.off('warning', heard);
    expect(warnings).toEqual([]);
    tab.socket.close();
  });
});
