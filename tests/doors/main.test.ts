import { mkdtempSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type * as fs from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { version } from '../../package.json';
import { filesIn } from '../../src/main/openWith';
import { electronDouble, FakePort } from './electronDouble';

/** Where the shell is built, as far as it reads it: src/main/index.ts looks for ../renderer beside itself. */
type Double = ReturnType<typeof electronDouble>;

const ORDER = {
  enlargement: { photo: 'photo-7', method: { id: 'bicubic' }, scale: 2, options: {} },
  encoding: { format: 'png' },
};

let folder: string;
let double: Double;

async function start(argv: string[] = []): Promise<void> {
  vi.resetModules();
  vi.doMock('electron', () => double.electron);
  vi.doMock('node:fs/promises', async (original) => ({
    ...(await original<typeof fs>()),
    // The page is not built beside the sources.
    readdir: (path: string, options: object) =>
      readdir(path.includes('renderer') ? join(folder, 'page') : path, options as never),
  }));
  const before = process.argv;
  process.argv = ['enlarger', ...argv];
  await import('../../src/main/index');
  process.argv = before;
  await vi.waitFor(() => expect(double.windows).toHaveLength(1));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-main-'));
  mkdirSync(join(folder, 'page'));
  double = electronDouble(folder);
});
afterEach(() => {
  double.electron.app.emit('will-quit');
  rmSync(folder, { recursive: true, force: true });
  vi.doUnmock('electron');
  vi.doUnmock('node:fs/promises');
});

const window = () => double.windows[0]!;
const engine = () => double.engines[0]!;
const ourEvent = () => ({
  sender: window().webContents,
  senderFrame: window().webContents.mainFrame,
  ports: [] as FakePort[],
});
function connect(): FakePort {
  const port = new FakePort();
  double.electron.ipcMain.emit('page:connect', { ...ourEvent(), ports: [port] });
  return port;
}
/** As Electron does it: what a handler throws rejects the sender's promise. */
const openFiles = (files: unknown, event: object = ourEvent()): Promise<unknown> =>
  Promise.resolve().then(() =>
    double.electron.ipcMain.handlers.get('photos:open')!(event, { proof: proof(), files }),
  );

/** What the window told its preload script. */
const proof = (): string => {
  const { webPreferences } = window().options as { webPreferences: { additionalArguments: string[] } };
  return webPreferences.additionalArguments[0]!.split('=')[1]!;
};

describe('the network', () => {
  it('is switched off by name before Chromium starts, and refused to the page', async () => {
    await start();
    const { app, session, crashReporter, autoUpdater } = double.electron;
    const asked = new Map(app.commandLine.appendSwitch.mock.calls as unknown as [string, string][]);
    expect([...asked.keys()]).toEqual(
      expect.arrayContaining([
        ...['disable-background-networking', 'disable-breakpad', 'disable-client-side-phishing-detection'],
        ...['disable-component-update', 'disable-domain-reliability', 'disable-sync', 'dns-prefetch-disable'],
        ...['no-pings', 'no-proxy-server', 'safebrowsing-disable-auto-update'],
      ]),
    );
    expect(asked.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
    expect(asked.get('disable-features')).toMatch(/OptimizationHints.*Translate/);
    expect(app.configureHostResolver).toHaveBeenCalledWith({
      enableBuiltInResolver: false,
      secureDnsMode: 'off',
    });
    const { defaultSession } = session;
    expect(defaultSession.setSpellCheckerEnabled).toHaveBeenCalledWith(false);
    expect(window().options).toMatchObject({ webPreferences: { spellcheck: false } });
    expect(defaultSession.setProxy).toHaveBeenCalledWith({ mode: 'direct' });
    expect(app.setProxy).toHaveBeenCalledWith({ mode: 'direct' });
    expect(crashReporter.start).not.toHaveBeenCalled();
    expect(autoUpdater.checkForUpdates).not.toHaveBeenCalled();

    const [filter] = defaultSession.webRequest.onBeforeRequest.mock.calls[0] as unknown as [
      (details: { url: string }, decide: (answer: { cancel: boolean }) => void) => void,
    ];
    const refused = (url: string): boolean => {
      let cancel: boolean | undefined;
      filter({ url }, (answer) => (cancel = answer.cancel));
      return cancel!;
    };
    for (const url of ['https://a.example/', 'http://127.0.0.1/', 'ws://a.example/', 'file:///etc/passwd']) {
      expect([url, refused(url)]).toEqual([url, true]);
    }
    for (const url of ['enlarger://app/', 'blob:enlarger://app/1234', 'data:image/png;base64,']) {
      expect([url, refused(url)]).toEqual([url, false]);
    }
  });
});

describe('the window', () => {
  it("keeps Electron's protections on", async () => {
    await start();
    expect(double.electron.app.enableSandbox).toHaveBeenCalled();
    expect(window().options).toMatchObject({
      show: false,
      backgroundColor: '#242424',
      webPreferences: {
        contextIsolation: true,
        sandbox: true,
        webSecurity: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
      },
    });
    expect(window().loaded).toEqual(['enlarger://app/']);
    expect(double.electron.protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([
      { scheme: 'enlarger', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(window().done).toEqual([]);
    window().emit('ready-to-show');
    expect(window().done).toEqual(['show']);
  });

  it.each(['will-navigate', 'will-frame-navigate'])('refuses %s away from the page', async (name) => {
    await start();
    for (const [url, refused] of [
      ['https://evil.example/', true],
      ['file:///etc/passwd', true],
      ['enlarger://other/', true],
      ['javascript:alert(1)', true],
      ['enlarger://app/', false],
    ] as const) {
      const preventDefault = vi.fn();
      window().webContents.emit(name, { url, preventDefault });
      expect(preventDefault.mock.calls.length, url).toBe(refused ? 1 : 0);
    }
  });

  it('refuses new windows, embedded pages, redirects and permissions', async () => {
    await start();
    expect(window().webContents.windowOpenHandler({ url: 'enlarger://app/' })).toEqual({ action: 'deny' });
    for (const name of ['will-attach-webview', 'will-redirect']) {
      const preventDefault = vi.fn();
      window().webContents.emit(name, { preventDefault });
      expect(preventDefault).toHaveBeenCalledOnce();
    }
    const { defaultSession } = double.electron.session;
    const request = defaultSession.setPermissionRequestHandler.mock.calls[0]![0] as (
      ...of: unknown[]
    ) => void;
    const decided = (permission: string, requestingUrl: string): unknown => {
      const decide = vi.fn();
      request({}, permission, decide, { requestingUrl });
      return decide.mock.calls[0]?.[0];
    };
    expect(decided('media', 'enlarger://app/')).toBe(false);
    expect(decided('geolocation', 'enlarger://app/')).toBe(false);
    expect(decided('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(decided('clipboard-sanitized-write', 'enlarger://app/')).toBe(true);
  });

  it('comes back where it was, unless that screen is gone', async () => {
    writeFileSync(
      join(folder, 'window.json'),
      JSON.stringify({ x: 5, y: 6, width: 1000, height: 600, maximized: true }),
    );
    await start();
    expect(window().options).toMatchObject({ x: 5, y: 6, width: 1000, height: 600 });
    expect(window().done).toEqual(['maximize']);
    window().emit('close');
    expect(JSON.parse(readFileSync(join(folder, 'window.json'), 'utf8'))).toEqual({
      x: 10,
      y: 20,
      width: 900,
      height: 700,
      maximized: true,
    });
  });

  it('takes its first place where the remembered one is off screen or damaged', async () => {
    writeFileSync(join(folder, 'window.json'), JSON.stringify({ x: 9000, y: 6, width: 1000, height: 600 }));
    await start();
    expect(window().options).not.toHaveProperty('x');
    expect(window().options).toMatchObject({ width: 1000, height: 600 });
    const { readWindowPlace, FIRST_PLACE } = await import('../../src/main/settings');
    writeFileSync(join(folder, 'window.json'), '{ damaged');
    expect(readWindowPlace(join(folder, 'window.json'))).toEqual(FIRST_PLACE);
  });

  it('asks before work is lost', async () => {
    await start();
    const leave = (): number => {
      const preventDefault = vi.fn();
      window().webContents.emit('will-prevent-unload', { preventDefault });
      return preventDefault.mock.calls.length;
    };
    expect(leave()).toBe(0);
    double.electron.dialog.showMessageBoxSync.mockReturnValue(0);
    expect(leave()).toBe(1);
  });

  it('leaves a second start to the first', async () => {
    double.electron.app.requestSingleInstanceLock.mockReturnValue(false);
    vi.resetModules();
    vi.doMock('electron', () => double.electron);
    await import('../../src/main/index');
    expect(double.electron.app.quit).toHaveBeenCalled();
    expect(double.windows).toEqual([]);
  });
});

describe('the page scheme', () => {
  it('serves the built files with their policy and nothing else', async () => {
    mkdirSync(join(folder, 'page/assets'));
    writeFileSync(join(folder, 'page/index.html'), '<title>page</title>');
    writeFileSync(join(folder, 'page/assets/a.js'), 'export {};');
    vi.resetModules();
    vi.doMock('electron', () => double.electron);
    const { servePage } = await import('../../src/main/protocol');
    await servePage(join(folder, 'page'));
    const [scheme, answer] = double.electron.protocol.handle.mock.calls[0] as [
      string,
      (request: { url: string; method: string }) => Response,
    ];
    expect(scheme).toBe('enlarger');
    const get = (url: string, method = 'GET'): Response => answer({ url, method });
    const page = get('enlarger://app/');
    expect(await page.text()).toBe('<title>page</title>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect(get('enlarger://app/assets/a.js').headers.get('content-type')).toContain('text/javascript');
    for (const url of [
      'enlarger://other/',
      'enlarger://app/%2e%2e/window.json',
      'enlarger://app/../window.json',
      'enlarger://app/assets',
    ]) {
      expect(get(url).status, url).toBe(404);
    }
    expect(get('enlarger://app/', 'POST').status).toBe(404);
  });
});

describe('the page', () => {
  it('is heard only as the top frame of our window at our origin', async () => {
    await start();
    const strangers = [
      { senderFrame: null },
      { senderFrame: { parent: null, origin: 'https://evil.example' } },
      { senderFrame: { parent: {}, origin: 'enlarger://app' } },
      { sender: {} },
    ];
    for (const stranger of strangers) {
      const port = new FakePort();
      double.electron.ipcMain.emit('page:connect', { ...ourEvent(), ...stranger, ports: [port] });
      expect(port.close).toHaveBeenCalledOnce();
      expect(port.start).not.toHaveBeenCalled();
      await expect(openFiles([], { ...ourEvent(), ...stranger })).rejects.toThrow(
        'from the page of Enlarger',
      );
    }
  });

  it('reaches the engine with its own calls only', async () => {
    await start();
    const port = connect();
    expect(await port.call(1, 'door:describe', {})).toMatchObject({
      value: { door: 'desktop', version },
    });
    expect(await port.call(2, 'methods:list', {})).toEqual({ ok: true, value: null });
    expect(await port.call(3, 'photo:open', { path: '/etc/passwd' })).toMatchObject({
      ok: false,
      fault: { code: 'bad-message' },
    });
    expect(engine().sent.map(({ call }) => call)).toEqual(['methods:list']);
    engine().emit('message', {
      client: engine().sent[0]!.client,
      event: { event: 'notice', message: 'hello' },
    });
    expect(port.received.at(-1)).toEqual({ event: { event: 'notice', message: 'hello' } });
    port.emit('message', { data: 'no call' });
    expect(port.close).toHaveBeenCalledOnce();
    expect(engine().sent.at(-1)?.call).toBe('client:close');
  });

  it('is a new client after a reload', async () => {
    await start();
    const first = connect();
    await first.call(1, 'methods:list', {});
    const second = connect();
    await second.call(1, 'methods:list', {});
    const [one, closed, two] = engine().sent;
    expect(closed).toMatchObject({ call: 'client:close', client: one!.client });
    expect(two!.client).not.toBe(one!.client);
    first.emit('close');
    expect(await second.call(2, 'methods:list', {})).toEqual({ ok: true, value: null });
    expect(engine().sent.filter(({ call }) => call === 'client:close')).toHaveLength(1);
  });
});

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
    await vi.waitFor(() => expect(opened()).toHaveLength(3), { timeout: 5000 }); // they come in any order
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

describe('the engine', () => {
  it('is a utility process, started again when it dies, and missed aloud after three deaths', async () => {
    await start();
    expect(double.electron.utilityProcess.fork).toHaveBeenCalledWith(
      expect.stringMatching(/engine[/\\]index\.js$/),
      [],
      expect.objectContaining({ serviceName: 'Enlarger engine' }),
    );
    const port = connect();
    double.engines[0]!.emit('exit', 134);
    expect(port.received.at(-2)).toMatchObject({
      event: {
        event: 'engine:lost',
        fault: { code: 'engine-lost', detail: 'the engine process ended with code 134' },
      },
    });
    expect(double.engines).toHaveLength(2);
    double.engines[1]!.emit('exit', 1);
    expect(double.electron.dialog.showErrorBox).not.toHaveBeenCalled();
    double.engines[2]!.emit('error', 'FatalError', 'v8.cc');
    double.engines[2]!.emit('exit', 1);
    expect(double.engines).toHaveLength(3);
    expect(double.electron.dialog.showErrorBox.mock.calls[0]?.[1]).toContain('FatalError in v8.cc');
  });

  it('ends with the app', async () => {
    await start();
    double.electron.app.emit('will-quit');
    expect(engine().kill).toHaveBeenCalled();
  });
});

describe('the session', () => {
  const picture = (name: string, bytes: number): string => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.alloc(bytes));
    return path;
  };
  const tokens = (results: unknown): string[] =>
    (results as { value: { photo: string } }[]).map(({ value }) => value.photo);
  /** The app is ended and started again. */
  async function startAgain(): Promise<void> {
    double.electron.app.emit('will-quit');
    double = electronDouble(folder);
    await start();
  }

  it('comes back after a start of the app: snapshot, photos under their tokens, pasted pictures too', async () => {
    await start();
    const [mine, pasted] = tokens(
      await (connect(),
      openFiles([{ path: picture('a.jpg', 5) }, { bytes: new Uint8Array([1, 2, 3]), name: 'pasted.png' }])),
    );
    const snapshot = { version: 3, photos: [mine, pasted] };
    const before = connect();
    expect(await before.call(1, 'session:read', {})).toEqual({ ok: true, value: { snapshot: null } });
    expect(await before.call(2, 'session:write', { snapshot })).toEqual({ ok: true, value: null });
    writeFileSync(join(folder, 'pictures', 'left-behind'), '');
    await startAgain();
    await vi.waitFor(async () => expect(await readdir(join(folder, 'pictures'))).toHaveLength(1));
    const port = connect();
    expect(await port.call(1, 'session:read', {})).toEqual({ ok: true, value: { snapshot } });
    for (const [at, photo] of [mine, pasted].entries()) {
      expect(await port.call(at + 2, 'photo:reopen', { photo })).toMatchObject({
        ok: true,
        value: { photo },
      });
    }
    const opened = engine().sent.filter(({ call }) => call === 'photo:open');
    expect(opened.map(({ params }) => params['name'])).toEqual(['a.jpg', 'pasted.png']);
    expect([...readFileSync(String(opened[1]!.params['path']))]).toEqual([1, 2, 3]);
  });

  it('names files that were moved or changed meanwhile, and tokens that are nobody’s', async () => {
    await start();
    connect();
    const [moved, changed] = tokens(
      await openFiles([{ path: picture('moved.jpg', 5) }, { path: picture('changed.jpg', 5) }]),
    );
    rmSync(join(folder, 'moved.jpg'));
    picture('changed.jpg', 6);
    await startAgain();
    const port = connect();
    const reopen = (id: number, photo: string): Promise<unknown> => port.call(id, 'photo:reopen', { photo });
    expect(await reopen(1, moved!)).toMatchObject({ fault: { code: 'photo-moved', file: 'moved.jpg' } });
    expect(await reopen(2, changed!)).toMatchObject({
      fault: { code: 'photo-changed', file: 'changed.jpg' },
    });
    expect(await reopen(3, 'photo-guess')).toMatchObject({ fault: { code: 'unknown-photo' } });
    expect(engine().sent.filter(({ call }) => call === 'photo:open')).toEqual([]);
    picture('moved.jpg', 7);
    expect(await reopen(4, moved!)).toMatchObject({ fault: { code: 'photo-changed' } });
  });

  it.each([
    ['damaged', '{"version": 1, "snapshot": {'],
    ['of another version', '{"version": 2, "snapshot": {}, "photos": []}'],
    ['with a photo that is none', '{"version": 1, "snapshot": {}, "photos": [{"photo": "../etc"}]}'],
  ])('whose file is %s is none, and is written anew', async (_, text) => {
    writeFileSync(join(folder, 'session.json'), text);
    await start();
    const port = connect();
    expect(await port.call(1, 'session:read', {})).toEqual({ ok: true, value: { snapshot: null } });
    await port.call(2, 'session:write', { snapshot: { a: 1 } });
    expect(JSON.parse(readFileSync(join(folder, 'session.json'), 'utf8'))).toEqual({
      version: 1,
      snapshot: { a: 1 },
      photos: [],
    });
  });

  it('that cannot be written says so, and is kept as long as the app runs', async () => {
    mkdirSync(join(folder, 'session.json', 'in the way'), { recursive: true });
    await start();
    const port = connect();
    expect(await port.call(1, 'session:write', { snapshot: { a: 1 } })).toMatchObject({
      fault: { code: 'output-unwritable', file: join(folder, 'session.json') },
    });
    expect(await port.call(2, 'session:read', {})).toMatchObject({ value: { snapshot: { a: 1 } } });
  });

  it('refuses a snapshot that is too large, and keeps the one before', async () => {
    await start();
    const port = connect();
    await port.call(1, 'session:write', { snapshot: 'small' });
    expect(await port.call(2, 'session:write', { snapshot: 'x'.repeat(1_000_001) })).toMatchObject({
      fault: { code: 'bad-message', message: expect.stringContaining('1000000 characters') as string },
    });
    expect(await port.call(3, 'session:read', {})).toMatchObject({ value: { snapshot: 'small' } });
  });

  it('has its photos again after the engine died, from wherever they came', async () => {
    picture('dock.png', 1);
    await start();
    const port = connect();
    const [dropped] = tokens(await openFiles([{ path: picture('dropped.jpg', 5) }]));
    double.electron.app.emit('open-file', { preventDefault: vi.fn() }, join(folder, 'dock.png'));
    const told = await port.until(({ event }) => (event as { event: string }).event === 'door:opened');
    const docked = (told.event as { photo: { photo: string } }).photo.photo;
    const gone = tokens(await openFiles([{ path: picture('gone.jpg', 5) }]))[0]!;
    rmSync(join(folder, 'gone.jpg'));
    double.engines[0]!.emit('exit', 134);
    expect(port.received.at(-1)).toMatchObject({ event: { event: 'engine:lost' } });
    const restored = await port.until(
      ({ event }) => (event as { event: string }).event === 'engine:restored',
    );
    expect(restored.event).toMatchObject({ failed: [{ photo: gone, fault: { code: 'photo-moved' } }] });
    const again = double.engines[1]!.sent.filter(({ call }) => call === 'photo:open');
    expect(again.map(({ params }) => params['photo'])).toEqual([dropped, docked]);
  });
});

describe('the menu', () => {
  it('opens by itself, and leaves exporting and help to the page', async () => {
    await start();
    const port = connect();
    type Item = { label?: string; role?: string; submenu?: Item[]; click?: () => void };
    const items = (double.electron.Menu.setApplicationMenu.mock.calls[0]![0] as Item[]).flatMap(
      ({ submenu }) => submenu ?? [],
    );
    const click = (label: string): void => items.find((item) => item.label === label)!.click!();
    click('Export…');
    click('Keyboard shortcuts');
    expect(port.received).toEqual([
      { event: { event: 'door:command', command: 'export' } },
      { event: { event: 'door:command', command: 'help' } },
    ]);
    double.electron.dialog.showOpenDialog.mockResolvedValue({
      canceled: false,
      filePaths: ['/photos/m.jpg'],
    });
    click('Open…');
    expect(
      await port.until(({ event }) => (event as { event: string }).event === 'door:opened'),
    ).toMatchObject({
      event: { photo: { name: 'm.jpg' } },
    });
  });
});

describe('documents', () => {
  const snapshotOf = (...photos: string[]) => ({
    format: 'enlarger-document',
    version: 2,
    document: { photos },
  });
  const tokenOf = (results: unknown, at = 0): string =>
    (results as { value: { photo: string } }[])[at]!.value.photo;
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const saveTo = (filePath: string): void =>
    void double.electron.dialog.showSaveDialog.mockResolvedValue({ canceled: false, filePath });
  interface Opened {
    readonly value: { readonly file: string; readonly photos: { was: string; photo: string }[] };
  }

  it('name their photos relative to themselves, and find them again wherever both were moved', async () => {
    await start();
    const port = connect();
    const photo = tokenOf(await openFiles([{ path: file('work/photos/a.jpg', 'first') }]));
    saveTo(join(folder, 'work', 'mine'));
    const saved = await port.call(1, 'document:save', {
      snapshot: snapshotOf(photo),
      file: null,
      suggestedName: 'mine',
    });
    expect(saved).toMatchObject({ ok: true, value: { name: 'mine.enlarger' } });
    const text = readFileSync(join(folder, 'work', 'mine.enlarger'), 'utf8');
    expect(text).toContain('"path": "photos/a.jpg"');
    expect(text).not.toContain(folder);
    renameSync(join(folder, 'work'), join(folder, 'elsewhere'));
    const opened = (await openFiles([{ path: join(folder, 'elsewhere', 'mine.enlarger') }])) as Opened[];
    const [{ was, photo: now }] = opened[0]!.value.photos as [{ was: string; photo: string }];
    expect(was).toBe(photo);
    expect(await port.call(2, 'photo:reopen', { photo: now })).toMatchObject({
      ok: true,
      value: { name: 'a.jpg' },
    });
    // It goes on under its name without a question, and names what it named before.
    double.electron.dialog.showSaveDialog.mockClear();
    const again = { snapshot: snapshotOf(now), file: opened[0]!.value.file, suggestedName: '' };
    expect(await port.call(3, 'document:save', again)).toMatchObject({ ok: true });
    expect(double.electron.dialog.showSaveDialog).not.toHaveBeenCalled();
    expect(readFileSync(join(folder, 'elsewhere', 'mine.enlarger'), 'utf8')).toContain('photos/a.jpg');
    expect((await readdir(join(folder, 'elsewhere'))).sort()).toEqual(['mine.enlarger', 'photos']);
  });

  it('keep the place of photos that were changed or are gone, which are named; copied ones are the same', async () => {
    await start();
    const port = connect();
    const paths = ['changed.jpg', 'gone.jpg', 'copied.jpg'].map((name) => file(name, `pixels of ${name}`));
    const opened = await openFiles(paths.map((path) => ({ path })));
    saveTo(join(folder, 'three.enlarger'));
    const tokens = [0, 1, 2].map((at) => tokenOf(opened, at));
    const asked = { snapshot: snapshotOf(...tokens), file: null, suggestedName: 'three' };
    await port.call(1, 'document:save', asked);
    file('changed.jpg', 'pixels of CHANGED.jpg'.slice(0, 'pixels of changed.jpg'.length));
    rmSync(paths[1]!);
    utimesSync(paths[2]!, 1e9, 1e9);
    double.electron.dialog.showOpenDialog.mockResolvedValue({
      canceled: false,
      filePaths: [join(folder, 'three.enlarger')],
    });
    const { value } = (await port.call(2, 'document:open', {})) as Opened;
    const reopened = (at: number): Promise<unknown> =>
      port.call(10 + at, 'photo:reopen', {
        photo: value.photos.find(({ was }) => was === tokens[at])!.photo,
      });
    expect(await reopened(0)).toMatchObject({ fault: { code: 'photo-changed', file: 'changed.jpg' } });
    expect(await reopened(1)).toMatchObject({ fault: { code: 'photo-moved', file: 'gone.jpg' } });
    expect(await reopened(2)).toMatchObject({ ok: true, value: { name: 'copied.jpg' } });
    // Saved while one is gone, it is still known when it comes back.
    const now = value.photos.map(({ photo }) => photo);
    await port.call(20, 'document:save', {
      snapshot: snapshotOf(...now),
      file: value.file,
      suggestedName: '',
    });
    file('gone.jpg', 'pixels of gone.jpg');
    const again = (await port.call(21, 'document:open', {})) as Opened;
    const back = again.value.photos.find(({ was }) => was === now[1])!;
    expect(await port.call(22, 'photo:reopen', { photo: back.photo })).toMatchObject({ ok: true });
  });

  it('give pasted pictures a file of their own beside them', async () => {
    await start();
    const port = connect();
    const photo = tokenOf(await openFiles([{ bytes: new Uint8Array([1, 2, 3]), name: 'pasted.png' }]));
    saveTo(join(folder, 'notes.enlarger'));
    await port.call(1, 'document:save', { snapshot: snapshotOf(photo), file: null, suggestedName: '' });
    expect([...readFileSync(join(folder, 'notes photos', 'pasted.png'))]).toEqual([1, 2, 3]);
    expect(readFileSync(join(folder, 'notes.enlarger'), 'utf8')).toContain('"notes photos/pasted.png"');
  });

  it('that are none are refused in a sentence, and nothing half-written stays', async () => {
    await start();
    const port = connect();
    const [damaged, gone] = (await openFiles([
      { path: file('damaged.enlarger', '{"format": "enlarger-document"') },
      { path: join(folder, 'gone.enlarger') },
    ])) as unknown[];
    expect(damaged).toMatchObject({ fault: { code: 'bad-document', file: 'damaged.enlarger' } });
    expect(gone).toMatchObject({ fault: { code: 'not-found' } });
    mkdirSync(join(folder, 'taken.enlarger'));
    saveTo(join(folder, 'taken.enlarger'));
    expect(
      await port.call(1, 'document:save', { snapshot: snapshotOf(), file: null, suggestedName: '' }),
    ).toMatchObject({ fault: { code: 'output-unwritable', file: 'taken.enlarger' } });
    expect((await readdir(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
    double.electron.dialog.showSaveDialog.mockResolvedValue({ canceled: true, filePath: '' });
    expect(
      await port.call(2, 'document:save', { snapshot: snapshotOf(), file: null, suggestedName: '' }),
    ).toMatchObject({ fault: { code: 'stopped' } });
  });

  it('and photos opened lately come back by ids, across a start, the latest first', async () => {
    await start();
    let port = connect();
    const photo = tokenOf(await openFiles([{ path: file('shots/a.jpg', 'a') }]));
    saveTo(join(folder, 'mine.enlarger'));
    await port.call(1, 'document:save', { snapshot: snapshotOf(photo), file: null, suggestedName: '' });
    double.electron.app.emit('will-quit');
    double = electronDouble(folder);
    await start();
    port = connect();
    const listed = (await port.call(1, 'recent:list', {})) as { value: { id: string; kind: string }[] };
    expect(listed.value).toMatchObject([
      { kind: 'document', name: 'mine.enlarger' },
      { kind: 'photo', name: 'a.jpg', folder: 'shots' },
    ]);
    expect(JSON.stringify(listed)).not.toContain(folder);
    const open = (id: number, at: number): Promise<unknown> =>
      port.call(id, 'recent:open', { id: listed.value[at]!.id });
    expect(await open(2, 1)).toMatchObject({ value: { kind: 'photo', photo: { name: 'a.jpg' } } });
    expect(await open(3, 0)).toMatchObject({
      value: { kind: 'document', document: { name: 'mine.enlarger' } },
    });
    rmSync(join(folder, 'mine.enlarger'));
    expect(await open(4, 0)).toMatchObject({ fault: { code: 'not-found' } });
    expect(await port.call(5, 'recent:list', {})).toMatchObject({ value: [{ name: 'a.jpg' }] });
    await port.call(6, 'recent:clear', {});
    expect(await port.call(7, 'recent:list', {})).toEqual({ ok: true, value: [] });
    // What the system asks for reaches the page as a document too.
    double.electron.app.emit('open-file', { preventDefault: vi.fn() }, file('told.enlarger', 'no document'));
    expect(
      await port.until(({ event }) => (event as { event?: string } | undefined)?.event === 'door:failed'),
    ).toMatchObject({ event: { fault: { code: 'bad-document' } } });
  });
});
