import { randomUUID } from 'node:crypto';
import { app, dialog, Menu, type BrowserWindow, type MessagePortMain } from 'electron';
import * as v from 'valibot';
import { version } from '../../package.json';
import { readBy } from '../shared/contract';
import { isDocumentName } from '../shared/documentFile';
import { FaultError, faultOf, type Fault, type Result } from '../shared/faults';
import { EngineLink } from '../shared/link/engineLink';
import { JobKeeper } from '../shared/link/jobKeeper';
import { spawnEngine } from './engineProcess';
import { FileDialogs, namesIn, rememberFile, revealFile } from './files';
import { handle, listen } from './handle';
import { menuTemplate } from './menu';
import { WindowSession } from './windowSession';
import { PAGE_ADDRESS } from './protocol';
import { RecentFiles } from './recentFiles';
import { SavedSession } from './savedSession';
import { TemporaryPhotos } from './temporaryPhotos';
import { createWindow, type WindowFiles } from './window';
import { wordsFor } from './words';

export interface DesktopAppOptions {
  readonly window: WindowFiles;
  /** Where the session is kept, and pictures that have no file of their own. */
  readonly session: { readonly file: string; readonly pictures: string };
  /** Where it is kept what was opened lately. */
  readonly recent: string;
  readonly engine: { readonly path: string; readonly args: readonly string[] };
}

/** What the preload sends for dropped, pasted and chosen files: a path, or the bytes where there is none. */
const shellFilesSchema = v.object({
  /** What only this window's preload script was told: paths come from what a user dropped or chose. */
  proof: v.string(),
  files: v.pipe(
    v.array(
      v.union([
        v.object({ path: v.pipe(v.string(), v.minLength(1)) }),
        v.object({ bytes: v.instance(Uint8Array), name: v.pipe(v.string(), v.maxLength(255)) }),
      ]),
    ),
    v.maxLength(1000),
  ),
});
type ShellFile = v.InferOutput<typeof shellFilesSchema>['files'][number];

const PAGE_GONE: Result<never> = { ok: false, fault: faultOf(new DOMException('', 'AbortError')) };

/** The desktop app: one window, the page in it, and the engine behind it. */
export class DesktopApp {
  private readonly words = wordsFor(app.getLocale());
  private readonly dialogs = new FileDialogs(this.words, () => this.window);
  private readonly temporaryPhotos: TemporaryPhotos;
  private readonly saved: SavedSession;
  private readonly recent: RecentFiles;
  private readonly link: EngineLink;
  private readonly proof = randomUUID();
  private readonly keeper: JobKeeper;
  private window: BrowserWindow | undefined;
  private session: WindowSession | undefined;
  /** Files to open as soon as a page is there. */
  private waitingFiles: string[] = [];

  constructor(private readonly options: DesktopAppOptions) {
    this.saved = new SavedSession(options.session.file);
    this.recent = new RecentFiles(options.recent);
    this.temporaryPhotos = new TemporaryPhotos(options.session.pictures);
    this.link = new EngineLink({
      spawn: () => spawnEngine(options.engine.path, options.engine.args),
      onEvent: (client, event) => {
        this.keeper.hear(event);
        if (this.session?.client === client) this.session.door.tell(event);
      },
      onLost: (reason, restarted) => this.engineLost(reason, restarted),
      onStartedLate: () => void this.session?.door.engineRestored(),
    });
    this.keeper = new JobKeeper(this.link, (client, event) => {
      if (this.session?.client === client) this.session.door.tell(event);
    });
  }

  /** Once the app is ready: starts the engine, takes the page's calls, shows the window. */
  start(): void {
    this.link.start();
    void this.temporaryPhotos.keepOnly(
      this.saved.photos.all.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : [])),
    );
    const ours = () => this.window?.webContents;
    listen('page:connect', ours, ({ ports }) => {
      if (ports[0]) this.connect(ports[0]);
    });
    handle('photos:open', ours, (payload) => this.openForPage(payload));
    handle('models:offer', ours, (payload) => this.offerForPage(payload));
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        menuTemplate(process.platform, this.words, {
          open: () => void this.openByMenu(),
          save: () => this.session?.door.tell({ event: 'door:command', command: 'save' }),
          saveAs: () => this.session?.door.tell({ event: 'door:command', command: 'saveAs' }),
          export: () => this.session?.door.tell({ event: 'door:command', command: 'export' }),
          help: () => this.session?.door.tell({ event: 'door:command', command: 'help' }),
        }),
      ),
    );
    this.show();
  }

  /** Brings the window to the front; makes one where there is none. */
  show(): void {
    if (this.window === undefined) this.window = this.makeWindow();
    else {
      if (this.window.isMinimized()) this.window.restore();
      this.window.focus();
    }
  }

  /** Opens files that came from outside the page, at once or when it is there. */
  openFiles(paths: readonly string[]): void {
    if (this.session) void this.session.openUnasked(paths);
    else this.waitingFiles.push(...paths);
  }

  /** Ends the engine and keeps the session. */
  end(): void {
    void this.link.close();
    this.saved.flush();
  }

  private makeWindow(): BrowserWindow {
    const window = createWindow(this.options.window, this.proof);
    window.on('closed', () => {
      this.window = undefined;
    });
    // The page knows whether work would be lost (its beforeunload); asking is left to the shell.
    window.webContents.on('will-prevent-unload', (event) => {
      if (this.ask(window, this.words.leaveQuestion, this.words.leave, this.words.stay))
        event.preventDefault();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      if (this.ask(window, this.words.pageGone, this.words.reload, this.words.close)) window.reload();
      else window.destroy();
    });
    window.loadURL(PAGE_ADDRESS).catch((error: unknown) => {
      dialog.showErrorBox(this.words.cannotStart, `${this.words.pageMissing}\n\n${String(error)}`);
      app.quit();
    });
    return window;
  }

  /** True: the first of the two buttons. */
  private ask(window: BrowserWindow, message: string, yes: string, no: string): boolean {
    const buttons = [yes, no];
    return (
      dialog.showMessageBoxSync(window, { type: 'question', message, buttons, defaultId: 1, cancelId: 1 }) ===
      0
    );
  }

  private connect(port: MessagePortMain): void {
    this.session?.end(); // a reloaded page connects before its old port is found closed
    const session = new WindowSession(
      port,
      this.link,
      this.saved,
      this.keeper,
      {
        version,
        dialogs: this.dialogs,
        recent: this.recent,
        namesIn,
        rememberFile: (path, kind) => {
          rememberFile(path);
          return this.recent.note(path, kind);
        },
        revealFile,
        removeFile: (path) => this.temporaryPhotos.remove(path),
      },
      () => {
        if (this.session === session) this.session = undefined;
      },
    );
    this.session = session;
    if (app.commandLine.hasSwitch('no-sandbox')) {
      // Launchers of AppImages add it where the system forbids user namespaces; nobody would know.
      session.door.tell({ event: 'notice', message: this.words.noSandbox });
    }
    const waiting = this.waitingFiles;
    this.waitingFiles = [];
    if (waiting.length > 0) void session.openUnasked(waiting);
  }

  private async openByMenu(): Promise<void> {
    this.openFiles(await this.dialogs.choosePhotos());
  }

  /** One result for each of the page's files, in order: a photo's info, or an opened document. */
  private async openForPage(payload: unknown): Promise<Result<unknown>[]> {
    const results: Result<unknown>[] = [];
    for (const file of this.filesOfPage(payload)) {
      results.push(await this.openOne(file));
    }
    return results;
  }

  /** What the preload sent; throws for anybody else. */
  private filesOfPage(payload: unknown): ShellFile[] {
    const { proof, files } = readBy(shellFilesSchema, payload, 'list of files to open');
    if (proof === this.proof) return files;
    throw new FaultError('bad-message', 'Expected files that the preload script read from what a user gave.');
  }

  /** A `Result<OfferedModel>` for the page's file. */
  private async offerForPage(payload: unknown): Promise<Result<unknown>> {
    const [file] = this.filesOfPage(payload);
    return this.inSession(async (session) => {
      if (file === undefined) return PAGE_GONE;
      if ('path' in file) return { ok: true, value: session.offerModel(file.path) };
      const path = await this.temporaryPhotos.write(file.bytes);
      return { ok: true, value: session.models.offer({ path, name: file.name, temporary: true }) };
    });
  }

  private openOne(file: ShellFile): Promise<Result<unknown>> {
    return this.inSession(async (session) => {
      if (!('path' in file)) {
        const path = await this.temporaryPhotos.write(file.bytes);
        return session.door.openPhoto({ path, name: file.name, temporary: true });
      }
      if (!isDocumentName(file.path)) return session.openFile(file.path);
      return { ok: true, value: await session.documents.open(file.path) };
    });
  }

  /** Does something for the page that is there; what it throws is its fault. */
  private async inSession(
    use: (session: WindowSession) => Promise<Result<unknown>>,
  ): Promise<Result<unknown>> {
    try {
      return this.session === undefined ? PAGE_GONE : await use(this.session);
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  }

  private engineLost(reason: string, restarted: boolean): void {
    const message = restarted
      ? 'The engine stopped unexpectedly and was started again.'
      : 'The engine stopped unexpectedly three times in a row; start Enlarger again.';
    const fault: Fault = { code: 'engine-lost', message, detail: reason };
    this.session?.door.engineLost(fault);
    if (restarted) void this.session?.door.engineRestored();
    void this.keeper.engineLost(reason, restarted);
    if (!restarted) dialog.showErrorBox(this.words.cannotStart, `${this.words.engineFailed}\n${reason}`);
  }
}
