import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { filesIn } from '../../src/main/openWith';
import {
  connect,
  double,
  engine,
  folder,
  openFiles,
  ourEvent,
  proof,
  start,
  window,
} from './desktopUnderTest';

const ORDER = {
  enlargement: { photo: 'photo-7', method: { id: 'bicubic' }, scale: 2, options: {} },
  encoding: { format: 'png' },
};

describe('files', () => {
  it('are taken by path only from the preload script of the window', async () => {
    await start();
    connect();
    const open = (payload: unknown): Promise<unknown> =>
      Promise.resolve().then(() => double.electron.ipcMain.handlers.get('photos:open')!(ourEvent(), payload));
    const files = [{ path: '/photos/a.jpg' }];
    await expect(open(files)).rejects.toThrow();
    for (const wrong of ['', 'guessed']) {
      await expect(open({ proof: wrong, files })).rejects.toThrow(/preload script/);
    }
    expect(engine().sent.filter(({ call }) => call === 'photo:open')).toEqual([]);
    expect(await open({ proof: proof(), files })).toMatchObject([{ ok: true }]);
  });

  it('says so where the sandbox was switched off', async () => {
    double.electron.app.commandLine.hasSwitch.mockReturnValue(true);
    await start();
    const port = connect();
    expect(double.electron.app.commandLine.hasSwitch).toHaveBeenCalledWith('no-sandbox');
    expect(port.received).toContainEqual({
      event: { event: 'notice', message: expect.stringContaining('--no-sandbox') as string },
    });
  });

  it('opens paths as they are, and bytes from a private file that outlives closing, for undo', async () => {
    await start();
    const port = connect();
    const results = await openFiles([
      { path: '/photos/a.jpg' },
      { path: '/photos/b.txt' },
      { bytes: new Uint8Array([1, 2, 3]), name: 'pasted.png' },
    ]);
    expect(results).toMatchObject([
      { ok: true },
      { ok: false, fault: { code: 'unreadable-image' } },
      { ok: true },
    ]);
    expect(double.electron.app.addRecentDocument.mock.calls).toEqual([['/photos/a.jpg']]);
    const opened = engine().sent.filter(({ call }) => call === 'photo:open');
    expect(opened[0]!.params).toMatchObject({ path: '/photos/a.jpg', name: 'a.jpg', temporary: false });
    const path = String(opened[2]!.params['path']);
    expect(path.startsWith(folder)).toBe(true);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    const { photo } = (results as { value: { photo: string } }[])[2]!.value;
    expect(opened[2]!.params['photo']).toBe(photo);
    await port.call(9, 'photo:close', { photo });
    expect(await port.call(10, 'photo:reopen', { photo })).toMatchObject({ ok: true, value: { photo } });
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    await expect(openFiles([{ file: 'x' }])).rejects.toThrow('list of files to open');
  });

  it('opens what the system asks for, once the page is there', async () => {
    await start(['--switch', '/photos/first.jpg']);
    const { app } = double.electron;
    const preventDefault = vi.fn();
    app.emit('open-file', { preventDefault }, '/photos/dock.png');
    expect(preventDefault).toHaveBeenCalledOnce();
    const port = connect();
    app.emit('second-instance', {}, ['enlarger', '--flag', 'third.png', 'broken.txt'], '/work');
    await port.until(({ event }) => (event as { event: string }).event === 'door:failed');
    const opened = () =>
      port.received.filter(({ event }) => (event as { event: string }).event === 'door:opened');
    await expect.poll(opened).toHaveLength(3); // they come in any order
    expect(engine().sent.map(({ params }) => params['path'])).toEqual(
      expect.arrayContaining([
        '/photos/first.jpg',
        '/photos/dock.png',
        '/work/third.png',
        '/work/broken.txt',
      ]),
    );
    expect(window().done).toContain('focus');
  });

  it('tells photos on a command line from switches and from the app itself', () => {
    const packaged = ['/opt/enlarger', '--flag', 'a.png', '/photos/b.jpg'];
    expect(filesIn(packaged, '/work', true)).toEqual(['/work/a.png', '/photos/b.jpg']);
    const addresses = [
      '/opt/enlarger',
      'file:///photos/a%20b.png',
      'https://a.example/c.png',
      'file://host/d.png',
    ];
    expect(filesIn(addresses, '/work', true)).toEqual(['/photos/a b.png']);
    const developed = ['/electron', '--inspect=0', '.', '--user-data-dir=/x', 'a.png'];
    expect(filesIn(developed, '/work', false)).toEqual(['/work/a.png']);
  });

  it('chooses with the native dialog', async () => {
    await start();
    const port = connect();
    expect(await port.call(1, 'door:choose', {})).toEqual({ ok: true, value: [] });
    double.electron.dialog.showOpenDialog.mockResolvedValue({
      canceled: false,
      filePaths: ['/photos/a.jpg', '/photos/b.txt'],
    });
    expect(await port.call(2, 'door:choose', {})).toMatchObject({ ok: true, value: [{ name: 'a.jpg' }] });
    expect(port.received).toContainEqual({
      event: { event: 'door:failed', fault: { code: 'unreadable-image', message: 'Expected a picture.' } },
    });
  });

  it('holds models that were dropped or chosen by tokens, and imports them by their paths', async () => {
    await start();
    const port = connect();
    const offer = (payload: object): Promise<unknown> =>
      Promise.resolve().then(() =>
        double.electron.ipcMain.handlers.get('models:offer')!(ourEvent(), payload),
      );
    const files = [{ path: '/models/net.onnx' }];
    await expect(offer({ proof: 'guess', files })).rejects.toThrow('Expected files that the preload script');
    const dropped = (await offer({ proof: proof(), files })) as { value: { model: string; name: string } };
    expect(dropped.value).toEqual({ model: expect.stringMatching(/^model-/) as string, name: 'net.onnx' });

    expect(await port.call(1, 'model:choose', {})).toEqual({ ok: true, value: null });
    const chosen = { canceled: false, filePaths: ['/models/my-dog/manifest.json'] };
    double.electron.dialog.showOpenDialog.mockResolvedValue(chosen);
    const folderOf = (await port.call(2, 'model:choose', {})) as { value: { model: string; name: string } };
    expect(folderOf.value.name).toBe('my-dog');

    await port.call(3, 'model:import', { model: dropped.value.model, keep: false });
    await port.call(4, 'model:import', { model: folderOf.value.model, name: 'Dog', keep: true });
    const orders = engine().sent.filter(({ call }) => call === 'job:start');
    expect(orders.map(({ params }) => params['order'])).toEqual([
      { path: '/models/net.onnx', file: 'net.onnx', keep: false },
      { path: '/models/my-dog', file: 'my-dog', name: 'Dog', keep: true },
    ]);
    await port.call(5, 'model:forget', { model: dropped.value.model });
    expect(await port.call(6, 'model:import', { model: dropped.value.model, keep: true })).toMatchObject({
      fault: { code: 'not-found' },
    });
  });

  it("exports a model of the user's own into a folder beside what is there", async () => {
    await start();
    const port = connect();
    expect(await port.call(1, 'model:export', { id: 'my-dog' })).toMatchObject({
      fault: { code: 'stopped' },
    });
    const into = join(folder, 'exports');
    mkdirSync(join(into, 'my-dog'), { recursive: true });
    double.electron.dialog.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: [into] });
    expect(await port.call(2, 'model:export', { id: 'my-dog' })).toEqual({
      ok: true,
      value: { name: 'my-dog (2)', download: null },
    });
    const { params } = engine().sent.find(({ call }) => call === 'method:export')!;
    expect(params).toEqual({ id: 'my-dog', path: join(into, 'my-dog (2)') });
  });

  it('exports where the user says, over another file only where the user agreed', async () => {
    await start();
    const port = connect();
    const exportAs = (id: number): Promise<unknown> =>
      port.call(id, 'door:export', { order: ORDER, suggestedName: '../a.png' });
    expect(await exportAs(1)).toMatchObject({ ok: false, fault: { code: 'stopped' } });
    const { showSaveDialog } = double.electron.dialog;
    expect(showSaveDialog.mock.calls[0]).toMatchObject([{}, { defaultPath: join(folder, 'a.png') }]);
    showSaveDialog.mockResolvedValue({ canceled: false, filePath: '/exports/b.png' });
    expect(await exportAs(3)).toMatchObject({ ok: true, value: { job: 'job1', title: 'b.png' } });
    showSaveDialog.mockResolvedValue({ canceled: false, filePath: '/exports/c' });
    expect(await exportAs(4)).toMatchObject({ ok: true, value: { title: 'c.png' } });
    const outputs = engine()
      .sent.filter(({ call }) => call === 'job:start')
      .map(({ params }) => (params['order'] as { output: object }).output);
    expect(outputs).toEqual([
      { path: '/exports/b.png', overwrite: true },
      { path: '/exports/c.png', overwrite: false },
    ]);
    await port.call(5, 'door:reveal', { job: 'job1' });
    expect(double.electron.shell.showItemInFolder).toHaveBeenCalledWith('/exports/c.png');
    await port.call(6, 'door:showModels', {});
    expect(double.electron.shell.showItemInFolder).toHaveBeenCalledWith('/home/ada/models');
  });

  it('sheets go where the user says, under an extension of their format', async () => {
    await start();
    const port = connect();
    const document = { sheet: 1, photos: [{ name: 'a.png' }], methods: [{ id: 'bicubic' }], scales: [2] };
    const save = (id: number, format: string): Promise<unknown> =>
      port.call(id, 'door:sheet', {
        document,
        photos: [{ photo: 'photo-7' }],
        format,
        suggestedName: '../a',
      });
    expect(await save(1, 'tex')).toMatchObject({ ok: false, fault: { code: 'stopped' } });
    const { showSaveDialog } = double.electron.dialog;
    expect(showSaveDialog.mock.calls[0]).toMatchObject([
      {},
      { defaultPath: join(folder, 'a.tex'), filters: [{ name: 'LaTeX', extensions: ['tex'] }] },
    ]);
    showSaveDialog.mockResolvedValue({ canceled: false, filePath: '/sheets/b.htm' });
    expect(await save(2, 'html')).toMatchObject({ ok: true, value: { title: 'b.htm' } });
    const asked = engine().sent.find(({ call }) => call === 'job:start')!;
    expect(asked.params).toMatchObject({
      kind: 'sheet',
      order: {
        photos: [{ photo: 'photo-7' }],
        output: { path: '/sheets/b.htm', overwrite: true, format: 'html' },
      },
    });
  });

  it('a benchmark is of the folder that the user chooses', async () => {
    await start();
    const port = connect();
    const settings = { scales: [4], methods: [{ id: 'bicubic' }], protocol: 'y', options: {} };
    expect(await port.call(1, 'door:evaluate', settings)).toMatchObject({ fault: { code: 'stopped' } });
    const { showOpenDialog } = double.electron.dialog;
    showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/sets/Set5'] });
    expect(await port.call(2, 'door:evaluate', settings)).toMatchObject({ ok: true });
    expect(showOpenDialog.mock.calls.at(-1)).toMatchObject([{}, { properties: ['openDirectory'] }]);
    const asked = engine().sent.find(({ call }) => call === 'job:start')!;
    expect(asked.params).toMatchObject({ kind: 'evaluate', order: { dataset: '/sets/Set5', scales: [4] } });
  });

  it('of several files go into one folder, beside what is there', async () => {
    await start();
    const port = connect();
    const files = ['a.png', '../A.png', 'b'].map((suggestedName) => ({ order: ORDER, suggestedName }));
    const exportAll = (id: number): Promise<unknown> =>
      port.call(id, 'door:exportAll', { files, batch: 'batch-1' });
    expect(await exportAll(1)).toMatchObject({ ok: false, fault: { code: 'stopped' } });
    const into = join(folder, 'exports');
    mkdirSync(into);
    writeFileSync(join(into, 'a.png'), 'there before');
    double.electron.dialog.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: [into] });
    expect(await exportAll(2)).toMatchObject({ ok: true, value: [{}, {}, {}] });
    const started = engine().sent.filter(({ call }) => call === 'job:start');
    expect(started.map(({ params }) => [params['batch'], params['title']])).toEqual([
      ['batch-1', 'a (2).png'],
      ['batch-1', 'A (3).png'],
      ['batch-1', 'b.png'],
    ]);
    const outputs = started.map(({ params }) => (params['order'] as { output: object }).output);
    expect(outputs[0]).toEqual({ path: join(into, 'a (2).png'), overwrite: false });
  });
});
