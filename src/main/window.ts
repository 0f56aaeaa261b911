import { BrowserWindow, nativeTheme, screen, session, type WebContents } from 'electron';
import { PAGE_ORIGIN } from './protocol';
import { readWindowPlace, writeWindowPlace, type WindowPlace } from './settings';

/** The page's own canvas greys (oklch 0.26 and 0.83), so that the window does not flash before it paints. */
const CANVAS = { dark: '#242424', light: '#c7c7c7' } as const;

/** The smallest window in which everything works. */
const SMALLEST = { minWidth: 800, minHeight: 560 } as const;

export interface WindowFiles {
  /** Built preload script. */
  readonly preload: string;
  /** Where the window's place is remembered. */
  readonly place: string;
  /** Absent in a packaged app, whose icon is the program's. */
  readonly icon?: string;
}

/** The place without its corner where no screen has it any more. */
function onScreen(place: WindowPlace): { x?: number; y?: number; width: number; height: number } {
  const { x, y, width, height } = place;
  if (x === undefined || y === undefined) return { width, height };
  const { workArea } = screen.getDisplayMatching({ x, y, width, height });
  const isOnScreen =
    x < workArea.x + workArea.width &&
    x + width > workArea.x &&
    y < workArea.y + workArea.height &&
    y >= workArea.y - 8;
  return isOnScreen ? { x, y, width, height } : { width, height };
}

/** Makes the window; once a page is loaded (`PAGE_ADDRESS`) and painted, it shows itself. */
export function createWindow(files: WindowFiles, proof: string): BrowserWindow {
  const place = readWindowPlace(files.place);
  const window = new BrowserWindow({
    ...onScreen(place),
    ...SMALLEST,
    title: 'Enlarger',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? CANVAS.dark : CANVAS.light,
    ...(files.icon === undefined ? {} : { icon: files.icon }),
    webPreferences: {
      preload: files.preload,
      // Reaches the preload's world; the page's has no process.
      additionalArguments: [`--enlarger-proof=${proof}`],
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (place.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowPlace(files.place, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  return window;
}

/** Keeps a page where it is: no navigation away, no windows, no embedded pages. */
export function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!isPage(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications']);

/** Grants the page nothing that it would have to ask for, but writing to the clipboard and telling of ends. */
export function refusePermissions(): void {
  const allowed = (permission: string, origin: string): boolean =>
    GRANTED.has(permission) && originOf(origin) === PAGE_ORIGIN;
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => {
    decide(allowed(permission, details.requestingUrl));
  });
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    allowed(permission, origin),
  );
  session.defaultSession.setDevicePermissionHandler(() => false);
}

/** `URL.origin` is "null" for schemes that Node does not know: scheme and host say it. */
function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}

const isPage = (url: string): boolean => originOf(url) === PAGE_ORIGIN;
