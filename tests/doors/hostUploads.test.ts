import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CallMessage, PhotoInfo } from '../../src/shared/contract';
import { ask, BrowserTab, enter } from './browserTab';
import { PHOTO } from './fakeEngine';
import { hostForEach } from './hostUnderTest';

const pathOf = (message: CallMessage): string => (message.params as { path: string }).path;

/** Without the sign that the folder's process lives. */
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => !name.startsWith('.'));

const under = hostForEach();

describe('uploads', () => {
  it('opens a photo from a private file under a token; closed, it can be opened again', async () => {
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    const client = await tab.client();
    const { status, body } = await under.send(cookie, client, 'bytes', '../../한 장.png');
    const { value } = JSON.parse(body) as { value: PhotoInfo };
    const { photo } = value;
    expect([status, value]).toEqual([200, { ...PHOTO, photo, name: '../../한 장.png' }]);
    expect(photo).toMatch(/^photo-[\w-]{24}$/);
    expect(under.uploaded?.toString()).toBe('bytes');
    const open = await under.engine.called('photo:open');
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
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    const headers = { cookie, origin: under.origin, 'x-enlarger-client': await tab.client() };
    const sent = await ask(under.host.port, '/models?name=net.onnx', {
      method: 'POST',
      headers,
      body: 'weights',
    });
    const { value } = JSON.parse(sent.body) as { value: { model: string; name: string } };
    expect(value.name).toBe('net.onnx');
    const { model } = value;
    await tab.call('model:import', { model, keep: false });
    const order = ((await under.engine.called('job:start')).params as { order: { path: string } }).order;
    expect(order).toMatchObject({ file: 'net.onnx', keep: false });
    expect(await readFile(order.path, 'utf8')).toBe('weights');
    await tab.call('model:forget', { model });
    expect(existsSync(order.path)).toBe(false);

    const { value: made } = (await tab.call('model:export', { id: 'my-dog' })) as {
      value: { name: string; download: string };
    };
    expect(made.name).toBe('my-dog.onnx');
    const fetched = await ask(under.host.port, made.download, { headers: { cookie } });
    expect([fetched.status, fetched.body]).toEqual([200, 'exported']);
  });

  it('takes none for a tab that is not open, and keeps none beyond the limit', async () => {
    const cookie = await enter(under.host.address);
    expect((await under.send(cookie, 'tab-guess', 'bytes')).status).toBe(403);
    const client = await (await under.openTab(cookie)).client();
    const announced = await under.send(cookie, client, 'x'.repeat(1001));
    expect(announced.status).toBe(413);
    expect(JSON.parse(announced.body)).toMatchObject({
      ok: false,
      fault: { code: 'too-large', file: 'a.png' },
    });
    const unannounced = await ask(under.host.port, '/photos?name=b.png', {
      method: 'POST',
      headers: { cookie, origin: under.origin, 'x-enlarger-client': client, 'transfer-encoding': 'chunked' },
      body: 'x'.repeat(1001),
    });
    expect(unannounced.status).toBe(413);
    expect(under.engine.calls).toEqual([]);
  });

  it('deletes what broke off and opens nothing', async () => {
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    const client = await tab.client();
    await under.send(cookie, client, 'whole');
    const folder = dirname(pathOf(await under.engine.called('photo:open')));
    const socket = connect(under.host.port, '127.0.0.1');
    socket.write(
      `POST /photos?name=b.png HTTP/1.1\r\nHost: 127.0.0.1:${under.host.port}\r\nOrigin: ${under.origin}\r\n` +
        `Cookie: ${cookie}\r\nx-enlarger-client: ${client}\r\nContent-Length: 100\r\n\r\nhalf`,
    );
    await expect.poll(async () => (await filesIn(folder)).length).toBe(2);
    socket.destroy();
    await once(socket, 'close');
    await expect.poll(async () => (await filesIn(folder)).length).toBe(1);
    expect(under.engine.calls.filter(({ call }) => call === 'photo:open')).toHaveLength(1);
    await under.host.close();
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a tab that comes back', () => {
  const upload = async (cookie: string, tab: BrowserTab): Promise<string> => {
    const { body } = await under.send(cookie, await tab.client(), 'bytes');
    return (JSON.parse(body) as { value: PhotoInfo }).value.photo;
  };
  const back = (cookie: string, secret: string): Promise<BrowserTab> =>
    BrowserTab.open(under.host.port, { cookie, origin: under.origin }, ['enlarger', `tab.${secret}`]);

  it('has its photos, its uploads and its snapshot; its engine work of before is stopped', async () => {
    const cookie = await enter(under.host.address);
    const first = await under.openTab(cookie);
    const photo = await upload(cookie, first);
    const secret = await first.client();
    await first.call('session:write', { snapshot: { photos: [photo] } });
    first.socket.close();
    await first.closed;
    await under.engine.called('client:close');
    const tab = await back(cookie, secret);
    expect(tab.socket.protocol).toBe('enlarger');
    expect(await tab.client()).toBe(secret);
    expect(await tab.call('session:read', {})).toMatchObject({ value: { snapshot: { photos: [photo] } } });
    under.uploaded = undefined;
    expect(await tab.call('photo:reopen', { photo })).toMatchObject({ ok: true, value: { photo } });
    expect(String(under.uploaded)).toBe('bytes');
  });

  it('and says nothing when its place is taken: a duplicate, or a guess, is another tab', async () => {
    const cookie = await enter(under.host.address);
    const first = await under.openTab(cookie);
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
    await under.host.close();
    under.host = await under.start({ pongWithinMs: 50 });
    const cookie = await enter(under.host.address);
    const first = await under.openTab(cookie);
    const secret = await first.client();
    await first.call('session:write', { snapshot: 'mine' });
    first.socket.pause(); // as through a tunnel that broke: open, and silent
    const tab = await back(cookie, secret);
    expect(await tab.client()).toBe(secret);
    expect(await tab.call('session:read', {})).toMatchObject({ value: { snapshot: 'mine' } });
  });

  it('has its photos again after the engine died', async () => {
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    const photo = await upload(cookie, tab);
    const sample = await tab.call('photo:sample', {});
    expect(sample).toMatchObject({ ok: true });
    under.engine.calls.length = 0;
    under.engine.die('code 134');
    expect(await tab.event()).toMatchObject({ event: 'engine:lost' });
    expect(await tab.event()).toEqual({ event: 'engine:restored', failed: [] });
    expect(under.engine.calls.map(({ call, params }) => [call, (params as { photo: string }).photo])).toEqual(
      [
        ['photo:open', photo],
        ['photo:sample', (sample as { value: PhotoInfo }).value.photo],
      ],
    );
  });
});
