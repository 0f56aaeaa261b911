import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import { PHOTO } from './fakeEngine';

/** A replacement of the `electron` module that records what the shell asks of it. */
export function electronDouble(userData: string) {
  class Contents extends EventEmitter {
    readonly mainFrame = { parent: null, origin: 'enlarger://app' };
    windowOpenHandler: (details: { url: string }) => unknown = () => ({ action: 'allow' });
    setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
      this.windowOpenHandler = handler;
    }
  }

  class Window extends EventEmitter {
    static readonly all: Window[] = [];
    readonly webContents = new Contents();
    readonly loaded: string[] = [];
    readonly done: string[] = [];
    constructor(readonly options: Record<string, unknown>) {
      super();
      Window.all.push(this);
      electron.app.emit('web-contents-created', {}, this.webContents);
    }
    loadURL(address: string): Promise<void> {
      this.loaded.push(address);
      return Promise.resolve();
    }
    show = (): void => void this.done.push('show');
    focus = (): void => void this.done.push('focus');
    maximize = (): void => void this.done.push('maximize');
    reload = (): void => void this.done.push('reload');
    destroy = (): void => void this.done.push('destroy');
    isMinimized = (): boolean => false;
    isMaximized = (): boolean => true;
    getNormalBounds = () => ({ x: 10, y: 20, width: 900, height: 700 });
  }

  /** An engine that answers `photo:open` with a photo of the path's name and everything else with null. */
  class Engine extends EventEmitter {
    static readonly all: Engine[] = [];
    readonly sent: { client: string; id: number; call: string; params: Record<string, unknown> }[] = [];
    readonly kill = vi.fn();
    postMessage(message: (typeof this.sent)[number]): void {
      this.sent.push(message);
      queueMicrotask(() => this.emit('message', this.answer(message)));
    }
    private answer({ client, id, call, params }: (typeof this.sent)[number]): object {
      const values: Record<string, unknown> = {
        'photo:open': { ...PHOTO, photo: params['photo'], name: params['name'] },
        'photo:sample': { ...PHOTO, photo: params['photo'], name: 'chart.png' },
        'job:start': { job: 'job1', title: params['title'] },
        'job:place': { path: '/exports/c.png' },
        'models:place': { path: '/home/ada/models' },
      };
      const fault = { code: 'unreadable-image', message: 'Expected a picture.' };
      const isText = String(params['path']).endsWith('.txt');
      const result = isText ? { ok: false, fault } : { ok: true, value: values[call] ?? null };
      return { client, id, result };
    }
  }

  const electron = {
    app: Object.assign(new EventEmitter(), {
      isPackaged: true,
      getLocale: () => 'en-GB',
      getPath: () => userData,
      whenReady: () => Promise.resolve(),
      enableSandbox: vi.fn(),
      commandLine: { appendSwitch: vi.fn(), hasSwitch: vi.fn(() => false) },
      configureHostResolver: vi.fn(),
      setProxy: vi.fn(() => Promise.resolve()),
      requestSingleInstanceLock: vi.fn(() => true),
      addRecentDocument: vi.fn(),
      quit: vi.fn(),
      exit: vi.fn(),
    }),
    crashReporter: { start: vi.fn() },
    autoUpdater: { checkForUpdates: vi.fn(), setFeedURL: vi.fn() },
    BrowserWindow: Window,
    Menu: { buildFromTemplate: vi.fn((template: unknown) => template), setApplicationMenu: vi.fn() },
    dialog: {
      showErrorBox: vi.fn(),
      showMessageBoxSync: vi.fn(() => 1),
      showOpenDialog: vi.fn(() => Promise.resolve({ canceled: true, filePaths: [] as string[] })),
      showSaveDialog: vi.fn(() => Promise.resolve({ canceled: true, filePath: '' })),
    },
    ipcMain: Object.assign(new EventEmitter(), {
      handlers: new Map<string, (event: unknown, payload: unknown) => unknown>(),
      handle(channel: string, handler: (event: unknown, payload: unknown) => unknown) {
        this.handlers.set(channel, handler);
      },
    }),
    nativeTheme: { shouldUseDarkColors: true },
    protocol: { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() },
    screen: { getDisplayMatching: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }) },
    session: {
      defaultSession: {
        setPermissionRequestHandler: vi.fn(),
        setPermissionCheckHandler: vi.fn(),
        setDevicePermissionHandler: vi.fn(),
        setSpellCheckerEnabled: vi.fn(),
        setProxy: vi.fn(() => Promise.resolve()),
        webRequest: { onBeforeRequest: vi.fn() },
      },
    },
    shell: { showItemInFolder: vi.fn() },
    utilityProcess: {
      fork: vi.fn(() => {
        const engine = new Engine();
        Engine.all.push(engine);
        return engine;
      }),
    },
  };
  return { electron, windows: Window.all, engines: Engine.all };
}

/** The shell's end of a page's MessagePort. */
export class FakePort extends EventEmitter {
  readonly received: { id?: number; result?: unknown; event?: unknown }[] = [];
  readonly start = vi.fn();
  readonly close = vi.fn();
  postMessage(message: { id?: number; result?: unknown; event?: unknown }): void {
    this.received.push(message);
    this.emit('received');
  }

  /** What the page would see as the answer to its call. */
  async call(id: number, call: string, params: unknown): Promise<unknown> {
    this.emit('message', { data: { id, call, params } });
    return this.until((message) => message.id === id).then((message) => message.result);
  }

  async until(wanted: (message: (typeof this.received)[number]) => boolean) {
    for (;;) {
      const found = this.received.find(wanted);
      if (found) return found;
      await new Promise((resolve) => this.once('received', resolve));
    }
  }
}
