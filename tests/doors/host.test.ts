import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startHost } from '../../src/host/server';
import { readPageFiles } from '../../src/host/static';
import { ask, BrowserTab, enter } from './browserTab';
import { FakeEngine } from './fakeEngine';
import { hostForEach } from './hostUnderTest';

const TILE = { x: 0, y: 0, width: 1, height: 1 };

const under = hostForEach();

describe('who is let in', () => {
  it('exchanges the token for a cookie once, then says what to do', async () => {
    const { pathname, search } = new URL(under.host.address);
    const first = await ask(under.host.port, pathname + search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^enlarger-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    const second = await ask(under.host.port, pathname + search);
    expect(second.status).toBe(403);
    expect(second.body).toContain('works once');
    expect(second.body).toContain('enlarger serve');
    const cookie = first.headers['set-cookie']![0]!.split(';')[0]!;
    const again = await ask(under.host.port, pathname + search, { headers: { cookie } });
    expect(again.status).toBe(303);
    expect((await ask(under.host.port, '/', { headers: { cookie } })).body).toContain('<title>page</title>');
  });

  it('refuses a wrong token and does not spend the right one on it, nor on a look ahead', async () => {
    expect((await ask(under.host.port, '/?token=wrong')).status).toBe(403);
    const { search } = new URL(under.host.address);
    expect((await ask(under.host.port, `/${search}`, { method: 'HEAD' })).status).toBe(403);
    expect(
      (await ask(under.host.port, `/${search}`, { headers: { 'sec-purpose': 'prefetch' } })).status,
    ).toBe(403);
    expect(await enter(under.host.address)).not.toBe('');
  });

  it.each(['/', '/assets/a-1234.js', '/download/x', '/photos'])(
    'refuses %s without the cookie',
    async (path) => {
      expect((await ask(under.host.port, path)).status).toBe(403);
      expect(
        (await ask(under.host.port, path, { headers: { cookie: `enlarger-${under.host.port}=guess` } }))
          .status,
      ).toBe(403);
    },
  );

  it('refuses other hosts and origins, whoever asks', async () => {
    const cookie = await enter(under.host.address);
    const tries = [
      { host: 'evil.example' },
      { host: `evil.example:${under.host.port}` },
      { host: '127.0.0.1.evil.example' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${under.host.port + 1}` },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ];
    for (const headers of tries) {
      expect((await ask(under.host.port, '/', { headers: { cookie, ...headers } })).status).toBe(403);
    }
    expect((await ask(under.host.port, '/', { headers: { cookie, host: 'localhost:9' } })).status).toBe(200);
    const noOrigin = await ask(under.host.port, '/photos?name=a', {
      method: 'POST',
      headers: { cookie },
      body: 'x',
    });
    expect(noOrigin.status).toBe(403);
  });

  it('refuses a WebSocket without cookie, with another origin, and at another address', async () => {
    const cookie = await enter(under.host.address);
    await expect(BrowserTab.open(under.host.port, { origin: under.origin })).rejects.toThrow('403');
    await expect(BrowserTab.open(under.host.port, { cookie })).rejects.toThrow('403');
    await expect(BrowserTab.open(under.host.port, { cookie, origin: 'http://evil.example' })).rejects.toThrow(
      '403',
    );
    const tab = await under.openTab(cookie);
    expect(await tab.call('door:describe', {})).toMatchObject({
      ok: true,
      value: { door: 'browser', version: '1.2.3' },
    });
  });
});

describe('the page', () => {
  it('comes with a strict policy and is kept as long as it may be', async () => {
    const cookie = await enter(under.host.address);
    const { headers } = await ask(under.host.port, '/', { headers: { cookie } });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${under.host.port};`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const asset = await ask(under.host.port, '/assets/a-1234.js', { headers: { cookie } });
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
    const cookie = await enter(under.host.address);
    expect((await ask(under.host.port, path, { headers: { cookie } })).status).toBe(404);
  });

  it('answers a request that is no address', async () => {
    const cookie = await enter(under.host.address);
    expect((await ask(under.host.port, 'http://[', { headers: { cookie } })).status).toBe(400);
  });
});

describe('a tab', () => {
  it("forwards a page's calls under its own client and brings the engine's events", async () => {
    const cookie = await enter(under.host.address);
    const [one, two] = [await under.openTab(cookie), await under.openTab(cookie)];
    expect(await one.call('methods:list', {})).toEqual({ ok: true, value: null });
    const { client } = await under.engine.called('methods:list');
    expect(await two.client()).not.toBe(await one.client());
    expect(client).not.toContain(await one.client());
    const pixels = new Uint8Array([1, 2, 3, 255]);
    under.engine.tell(client, {
      event: 'view:tile',
      layer: 'photo-1 whole',
      revision: 3,
      tile: TILE,
      pixels,
    });
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
    const tab = await under.openTab(await enter(under.host.address));
    const answer = await tab.call(call, { path: '/etc/passwd' });
    expect(answer).toMatchObject({ ok: false, fault: { code: 'bad-message' } });
    expect(under.engine.calls).toEqual([]);
  });

  it('is cut off for a frame that is no call', async () => {
    const cookie = await enter(under.host.address);
    const frames = [new Uint8Array([1, 2]), new Uint8Array([2, 0, 0, 0, 123, 125]), 'text'];
    for (const frame of frames) {
      const tab = await under.openTab(cookie);
      tab.socket.send(frame);
      expect(await tab.closed).toBe(1008);
    }
  });

  it('closes its client in the engine when it goes', async () => {
    const tab = await under.openTab(await enter(under.host.address));
    await tab.call('methods:list', {});
    const { client } = await under.engine.called('methods:list');
    tab.socket.close();
    expect((await under.engine.called('client:close')).client).toBe(client);
  });

  it('is told when the engine was lost, and its waiting calls fail', async () => {
    const stuck = new FakeEngine({ 'methods:list': () => new Promise(() => undefined) });
    const other = await startHost({
      pageFiles: await readPageFiles(under.page),
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

describe('a page that asks for too much', () => {
  it.each([
    // So many that they come faster than they may even through a machine that is busy.
    ['calls', 10_000, (tab: BrowserTab) => void tab.call('methods:list', {})],
    ['credit', 20, (tab: BrowserTab) => void tab.call('view:grant', { tiles: 64 })],
  ])('is closed, alone: %s', async (_what, times, ask) => {
    const cookie = await enter(under.host.address);
    const [greedy, modest] = [await under.openTab(cookie), await under.openTab(cookie)];
    for (let call = 0; call < times; call++) ask(greedy);
    expect(await greedy.closed).toBe(1008);
    expect(await modest.call('methods:list', {})).toMatchObject({ ok: true });
    modest.socket.close();
  });

  it('with a call that is larger than any is closed', async () => {
    const tab = await under.openTab(await enter(under.host.address));
    void tab.call('session:write', { snapshot: 'x'.repeat(4 * 2 ** 20) });
    expect(await tab.closed).toBe(1009);
  });

  it('with more than 32 photos on their way is told to wait with the next', async () => {
    const cookie = await enter(under.host.address);
    const client = await (await under.openTab(cookie)).client();
    const head =
      `POST /photos?name=b.png HTTP/1.1\r\nHost: 127.0.0.1:${under.host.port}\r\nOrigin: ${under.origin}\r\n` +
      `Cookie: ${cookie}\r\nx-enlarger-client: ${client}\r\nContent-Length: 100\r\n\r\nhalf`;
    const onTheWay = Array.from({ length: 32 }, () => connect(under.host.port, '127.0.0.1'));
    for (const socket of onTheWay) socket.write(head);
    await expect
      .poll(async () => (await under.send(cookie, client, 'one more')).body)
      .toContain('at most 32 files on their way at once');
    for (const socket of onTheWay) socket.destroy();
    await expect.poll(async () => (await under.send(cookie, client, 'one more')).status).toBe(200);
  });

  it('may send twenty photos at once, and nothing warns of listeners', async () => {
    const warnings: string[] = [];
    const heard = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', heard);
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    const client = await tab.client();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => under.send(cookie, client, 'a photo')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    process.off('warning', heard);
    expect(warnings).toEqual([]);
    tab.socket.close();
  });
});
