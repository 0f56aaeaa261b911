import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PhotoInfo } from '../../src/shared/contract';
import { ask, BrowserTab, enter } from './browserTab';
import { exportPath, hostForEach } from './hostUnderTest';

const ORDER = {
  enlargement: { photo: 'photo-1', method: { id: 'bicubic' }, scale: 2, options: {} },
  encoding: { format: 'png' },
};

const under = hostForEach();

describe('exports', () => {
  it('can be fetched once, by their name, and are deleted then', async () => {
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    const result = await tab.call('door:export', { order: ORDER, suggestedName: '../내 사진 "x2".png' });
    expect(result).toMatchObject({ ok: true, value: { job: 'job1', title: '내 사진 x2 .png' } });
    const collected = await tab.call('door:collect', { job: 'job1' });
    const { download } = (collected as { value: { download: string } }).value;
    expect((await ask(under.host.port, download)).status).toBe(403);
    expect(await tab.call('door:finished', {})).toMatchObject({ value: [{ job: 'job1' }] });
    const fetching = tab.call('door:fetched', { job: 'job1' });
    const fetched = await ask(under.host.port, download, { headers: { cookie } });
    expect(fetched.body).toBe('enlarged');
    expect(fetched.headers['content-disposition']).toBe(
      `attachment; filename="_ __ x2 .png"; filename*=UTF-8''%EB%82%B4%20%EC%82%AC%EC%A7%84%20x2%20.png`,
    );
    await fetching;
    expect(await tab.call('door:finished', {})).toEqual({ ok: true, value: [] });
    expect((await ask(under.host.port, download, { headers: { cookie } })).status).toBe(404);
    const made = await under.engine.called('job:start');
    expect(made.params).toMatchObject({ kind: 'upscale', order: { output: { overwrite: false } } });
    await expect.poll(() => existsSync(exportPath(made))).toBe(false);
  });

  it('of sheets have the extension of their format; what has files beside it is one archive', async () => {
    const tab = await under.openTab(await enter(under.host.address));
    const document = { sheet: 1, photos: [{ name: 'a.png' }], methods: [{ id: 'bicubic' }], scales: [2] };
    const asked = { document, photos: [{ photo: 'photo-7' }], suggestedName: '../a', orderId: 'sheet-9' };
    const save = (format: string): Promise<unknown> => tab.call('door:sheet', { ...asked, format });
    expect(await save('pdf')).toMatchObject({ ok: true, value: { title: 'a.pdf' } });
    const { params } = await under.engine.called('job:start');
    expect(params).toMatchObject({
      kind: 'sheet',
      orderId: 'sheet-9',
      order: { output: { overwrite: false, format: 'pdf' } },
    });
    expect(await save('tex')).toMatchObject({ ok: true, value: { title: 'a.zip' } });
    const outputs = under.engine.calls
      .filter(({ call }) => call === 'job:start')
      .map((one) => (one.params as { order: { output: object } }).order.output);
    expect(outputs[1]).toMatchObject({ format: 'tex', packed: { as: 'a.tex' } });
  });

  it('of several files are one batch, each fetched by itself', async () => {
    const tab = await under.openTab(await enter(under.host.address));
    const files = ['a', 'b'].map((suggestedName) => ({ order: ORDER, suggestedName }));
    const result = await tab.call('door:exportAll', { files, batch: 'batch-1' });
    expect(result).toMatchObject({ ok: true, value: [{ title: 'a.png' }, { title: 'b.png' }] });
    expect((await under.engine.called('job:start')).params).toMatchObject({
      batch: 'batch-1',
      title: 'a.png',
    });
  });

  it('of several files go on where one cannot be started: its fault stands in its place', async () => {
    const tab = await under.openTab(await enter(under.host.address));
    const gone = { ...ORDER, enlargement: { ...ORDER.enlargement, photo: 'photo-none' } };
    const files = [gone, ORDER].map((order) => ({ order, suggestedName: 'a' }));
    const result = await tab.call('door:exportAll', { files, batch: 'batch-1' });
    expect(result).toMatchObject({
      ok: true,
      value: [{ fault: { code: 'unknown-photo' } }, { title: 'a.png' }],
    });
  });

  it('outlive their tab: the next one fetches them', async () => {
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    await tab.call('door:export', { order: ORDER, suggestedName: 'a' });
    tab.socket.close();
    await under.engine.called('client:close');
    const next = await under.openTab(cookie);
    // Its own tab may come back for it, and is not asked for by another.
    expect(await next.call('door:finished', {})).toEqual({ ok: true, value: [] });
    const collected = await next.call('door:collect', { job: 'job1' });
    const { download } = (collected as { value: { download: string } }).value;
    expect((await ask(under.host.port, download, { headers: { cookie } })).body).toBe('enlarged');
    expect(await next.call('door:collect', { job: 'job1' })).toMatchObject({ fault: { code: 'not-found' } });
  });

  it('of a batch over whose beginning the engine dies, all begin with the next one, once it has the photos', async () => {
    const cookie = await enter(under.host.address);
    const tab = await under.openTab(cookie);
    const { body } = await under.send(cookie, await tab.client(), 'bytes');
    const { photo } = (JSON.parse(body) as { value: PhotoInfo }).value;
    const order = { ...ORDER, enlargement: { ...ORDER.enlargement, photo } };
    const files = ['a', 'b'].map((suggestedName) => ({ order, suggestedName }));
    under.engine.calls.length = 0;
    under.engine.diesOver('job:start');
    const result = await tab.call('door:exportAll', { files, batch: 'batch-1' });
    expect(result).toMatchObject({ value: [{ title: 'a.png' }, { title: 'b.png' }] });
    const made = under.engine.calls.map(({ call }) => call).filter((call) => call !== 'job:resume');
    expect(made).toEqual(['job:start', 'photo:open', 'job:start', 'job:start']);
  });

  it('go on after the engine died, for the tab that started them', async () => {
    const tab = await under.openTab(await enter(under.host.address));
    await tab.call('door:export', { order: ORDER, suggestedName: 'a' });
    const { client } = await under.engine.called('job:start');
    under.engine.die('killed');
    const resumed = await under.engine.called('job:resume');
    expect(resumed).toMatchObject({ client, params: { job: 'job1', crashed: true } });
  });

  it('of a photo that its tab has not asked for again yet, since it came back: it is opened first', async () => {
    const cookie = await enter(under.host.address);
    const first = await under.openTab(cookie);
    const secret = await first.client();
    const { body } = await under.send(cookie, secret, 'bytes');
    const { photo } = (JSON.parse(body) as { value: PhotoInfo }).value;
    first.socket.close();
    await under.engine.called('client:close');
    under.engine.calls.length = 0;
    const next = await BrowserTab.open(under.host.port, { cookie, origin: under.origin }, [
      'enlarger',
      `tab.${secret}`,
    ]);
    const order = { ...ORDER, enlargement: { ...ORDER.enlargement, photo } };
    expect(await next.call('door:export', { order, suggestedName: 'a' })).toMatchObject({ ok: true });
    expect(under.engine.calls.map(({ call }) => call)).toEqual(['client:follow', 'photo:open', 'job:start']);
  });

  it('that an earlier host left come into a file of this one', async () => {
    const tab = await under.openTab(await enter(under.host.address));
    expect(await tab.call('door:resume', { job: 'old1' })).toMatchObject({
      ok: true,
      value: { job: 'old1', title: 'b.png' },
    });
    const { params } = await under.engine.called('job:resume');
    const { output } = params as { output: { path: string; overwrite: boolean } };
    expect(output.overwrite).toBe(false);
    await writeFile(output.path, 'resumed');
    expect(await tab.call('door:collect', { job: 'old1' })).toMatchObject({ ok: true });
  });
});
