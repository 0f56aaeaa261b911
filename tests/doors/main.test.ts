import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { version } from '../../package.json';
import { connect, double, engine, folder, openFiles, ourEvent, start, window } from './desktopUnderTest';
import { FakePort } from './electronDouble';

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
    expect(port.received.at(-1)).toMatchObject({
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
