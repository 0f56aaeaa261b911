import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { rm, stat } from 'node:fs/promises';
import type { WebSocket } from 'ws';
import type {
  JobLine,
  OfferedModel,
  PageDoorParams,
  PageDoorValue,
  PageMessage,
  PhotoInfo,
} from '../shared/contract';
import { FaultError, faultOf, valueOf, type Result } from '../shared/faults';
import { safeFileName, safeName, stemOf } from '../shared/fileName';
import type { EngineLink } from '../shared/link/engineLink';
import { decodeFrame, encodeFrame } from '../shared/link/frames';
import type { JobKeeper } from '../shared/link/jobKeeper';
import { OfferedModels } from '../shared/link/offeredModels';
import { startEach } from '../shared/link/startEach';
import { PageDoor } from '../shared/link/pageDoor';
import { hasFilesBeside, sheetExtensions } from '../shared/sheet';
import { BOUNDS, ClientBounds, type Bounds } from './clientBounds';
import type { Downloads } from './downloads';
import type { Tab } from './keptTabs';
import type { TransferFolder } from './transferFolder';
import { receiveUpload } from './uploads';

/** Close code for a peer that does not keep to the protocol (RFC 6455, 7.4.1). */
const POLICY_VIOLATION = 1008;

export interface TabSessionOptions {
  readonly link: EngineLink;
  /** What the tab had before this connection, and has after it. */
  readonly tab: Tab;
  readonly keeper: JobKeeper;
  readonly folder: TransferFolder;
  readonly downloads: Downloads;
  readonly version: string;
  readonly uploadBytesMax: number;
  readonly bounds?: Bounds | undefined;
  /** Takes what the person who started the host should know. */
  readonly tell?: ((sentence: string) => void) | undefined;
}

const onlyDesktop = (what: string): never => {
  throw new FaultError('bad-message', `Expected the desktop app for ${what}; a browser has its own.`);
};

/** Long enough for a tunnel, short enough for a person who reloads. */
const PONG_WITHIN_MS = 1500;

/** One connection of a browser tab: a WebSocket as one client of the engine. */
export class TabSession {
  readonly client = `tab-${randomUUID()}`;
  readonly door: PageDoor;
  private readonly gone = new AbortController();
  private readonly bounds: ClientBounds;
  private readonly models: OfferedModels;
  private uploads = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: TabSessionOptions,
  ) {
    setMaxListeners(0, this.gone.signal); // each upload listens; `uploads` bounds them
    this.bounds = new ClientBounds(options.bounds);
    this.models = new OfferedModels({
      client: this.client,
      keeper: options.keeper,
      removeFile: (path) => rm(path, { force: true, maxRetries: 3 }),
    });
    this.door = new PageDoor({
      client: this.client,
      link: options.link,
      send: (message) =>
        new Promise((sent, failed) => {
          this.count(message);
          socket.send(encodeFrame(message), (error) => (error ? failed(error) : sent()));
          this.closeFor(this.bounds.unread(socket.bufferedAmount));
        }),
      photos: options.tab.photos,
      session: options.tab,
      stateOf: async (path) => {
        const { size, mtimeMs } = await stat(path);
        return { bytes: size, modifiedMs: mtimeMs };
      },
      removeFile: (path) => rm(path, { force: true, maxRetries: 3 }),
      answers: {
        'door:describe': () => ({
          door: 'browser',
          version: options.version,
          platform: process.platform,
          client: options.tab.secret,
        }),
        'door:choose': () => onlyDesktop('its file dialog'),
        'door:reveal': () => onlyDesktop('the file manager'),
        'model:choose': () => onlyDesktop('its file dialog'),
        'model:import': (params) => this.models.import(params),
        'model:forget': (params) => this.models.forget(params),
        'model:export': ({ id }) => this.exportModel(id),
        'document:open': () => onlyDesktop('documents on its disk'),
        'document:save': () => onlyDesktop('documents on its disk'),
        'recent:list': () => [],
        'recent:open': () => onlyDesktop('what was opened lately'),
        'recent:clear': () => null,
        'door:export': (params) => this.export(params),
        'door:exportAll': (params) => this.exportAll(params),
        'door:sheet': (params) => this.sheet(params),
        'door:evaluate': () => onlyDesktop('a folder of this machine'),
        'door:resume': (params) => this.resume(params),
        'door:collect': ({ job }) => this.collect(job),
      },
    });
    socket.on('message', (data, isBinary) => this.receive(data as Buffer, isBinary));
    // A socket's error is followed by its close; without a listener it would end the host.
    socket.on('error', () => undefined);
  }

  /** Receives a photo's bytes and opens it for this tab. Never rejects. */
  receivePhoto(request: IncomingMessage, name: string): Promise<Result<PhotoInfo>> {
    return this.receiveFile(request, name, (path) => this.door.openPhoto({ path, name, temporary: true }));
  }

  /** Receives a model's bytes and holds them for this tab. Never rejects. */
  receiveModel(request: IncomingMessage, name: string): Promise<Result<OfferedModel>> {
    return this.receiveFile(request, name, (path) =>
      Promise.resolve({ ok: true, value: this.models.offer({ path, name, temporary: true }) }),
    );
  }

  /** Receives a file and does with it what it came for, within the tab's bounds. */
  private async receiveFile<T>(
    request: IncomingMessage,
    name: string,
    use: (path: string) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const { uploads } = this.options.bounds ?? BOUNDS;
    if (this.uploads >= uploads) {
      const message = `Expected at most ${uploads} files on their way at once; send this one again when they are here.`;
      return { ok: false, fault: { code: 'bad-message', message, file: name } };
    }
    this.uploads += 1;
    try {
      return await this.useUpload(request, name, use);
    } finally {
      this.uploads -= 1;
    }
  }

  private async useUpload<T>(
    request: IncomingMessage,
    name: string,
    use: (path: string) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const path = this.options.folder.freshPath();
    const announced = request.headers['content-length'];
    try {
      await receiveUpload(request, {
        path,
        name,
        announcedBytes: announced === undefined ? undefined : Number(announced),
        bytesMax: this.options.uploadBytesMax,
        signal: this.gone.signal,
      });
      return await use(path);
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  }

  get tab(): Tab {
    return this.options.tab;
  }

  /** Whether somebody is still there; a connection whose peer is silent is cut off. */
  async isAlive(): Promise<boolean> {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return false;
    const alive = await new Promise<boolean>((tell) => {
      const timer = setTimeout(() => tell(false), PONG_WITHIN_MS);
      socket.once('pong', () => tell(true));
      socket.once('close', () => tell(false));
      socket.once('close', () => clearTimeout(timer)).once('pong', () => clearTimeout(timer));
      socket.ping();
    });
    if (!alive) socket.terminate();
    return alive;
  }

  /** Once the socket is closed: the tab's photos stay, for when it comes back, and its jobs go on. */
  async end(): Promise<void> {
    this.gone.abort();
    this.options.keeper.clientGone(this.client);
    await Promise.all([this.door.close(), this.models.close()]);
  }

  private receive(data: Buffer, isBinary: boolean): void {
    try {
      if (!isBinary) throw new FaultError('bad-message', 'Expected binary frames, received text.');
      const call = decodeFrame(data);
      this.closeFor(this.bounds.called() ?? this.grantOf(call));
      if (this.socket.readyState === this.socket.OPEN) this.door.receive(call);
    } catch {
      this.socket.close(POLICY_VIOLATION, 'a frame was not a call');
    }
  }

  /** Counts the credit in a call, which the engine reads by its schema. */
  private grantOf(call: unknown): string | undefined {
    const { call: name, params } = (call ?? {}) as { call?: unknown; params?: { tiles?: unknown } };
    if (name === 'view:close') this.bounds.closedView();
    const tiles = name === 'view:grant' ? params?.tiles : undefined;
    return typeof tiles === 'number' && tiles > 0 ? this.bounds.granted(tiles) : undefined;
  }

  private count(message: PageMessage): void {
    if ('result' in message) this.bounds.answered();
    else if (message.event.event === 'view:tile') this.bounds.sentTile();
  }

  /** Closes the page that exceeded its bounds; one that does not read would not read that either, and is cut off. */
  private closeFor(reason: string | undefined): void {
    if (reason === undefined || this.socket.readyState !== this.socket.OPEN) return;
    this.options.tell?.(`A page was closed: ${reason}.`);
    this.socket.close(POLICY_VIOLATION, reason);
    if (this.socket.bufferedAmount > (this.options.bounds ?? BOUNDS).unreadBytes) this.socket.terminate();
  }

  private async export(
    { order, suggestedName }: PageDoorParams<'door:export'>,
    batch?: string,
  ): Promise<PageDoorValue<'door:export'>> {
    const title = safeFileName(suggestedName, order.encoding.format);
    const output = this.freshOutput();
    const asked = { kind: 'upscale', keepsFailure: true, title, batch, order: { ...order, output } } as const;
    return this.expect(await this.options.keeper.start(this.client, asked), output.path);
  }

  private async sheet({
    document,
    photos,
    format,
    suggestedName,
  }: PageDoorParams<'door:sheet'>): Promise<PageDoorValue<'door:sheet'>> {
    const as = safeName(suggestedName, sheetExtensions(format));
    // A browser saves one file at a time.
    const isPacked = hasFilesBeside(format);
    const title = isPacked ? `${stemOf(as)}.zip` : as;
    const output = { ...this.freshOutput(), format, ...(isPacked && { packed: { as } }) };
    const asked = { kind: 'sheet', title, order: { document, photos, output } } as const;
    return this.expect(await this.options.keeper.start(this.client, asked), output.path);
  }

  private exportAll({ files, batch }: PageDoorParams<'door:exportAll'>): Promise<(JobLine | null)[]> {
    return startEach(
      files,
      (file) => this.export(file, batch),
      (fault) => this.door.tell({ event: 'door:failed', fault }),
    );
  }

  /** A file that an earlier host was to send lay in that one's folder: here it comes into ours. */
  private async resume({ job, anew }: PageDoorParams<'door:resume'>): Promise<PageDoorValue<'door:resume'>> {
    const { keeper, downloads } = this.options;
    if (downloads.has(job)) return keeper.resume(this.client, { job, anew });
    const output = this.freshOutput();
    return this.expect(await keeper.resume(this.client, { job, anew, output }), output.path);
  }

  private collect(job: string): PageDoorValue<'door:collect'> {
    const download = this.options.downloads.offer(job);
    if (download === undefined) {
      throw new FaultError(
        'not-found',
        'Expected an export that was not fetched yet, found none; export once more.',
      );
    }
    return { download };
  }

  /** One file: what a browser can save. A model of several goes into a folder, by the terminal. */
  private async exportModel(id: string): Promise<PageDoorValue<'model:export'>> {
    const name = `${id}.onnx`;
    const { link, folder, downloads } = this.options;
    const path = `${folder.freshPath()}.onnx`;
    valueOf(await link.call(this.client, 'method:export', { id, path }));
    const key = randomUUID();
    downloads.expect(key, path, name);
    return { name, download: downloads.offer(key)! };
  }

  private freshOutput(): { path: string; overwrite: false } {
    return { path: this.options.folder.freshPath(), overwrite: false };
  }

  private expect(line: JobLine, path: string): JobLine {
    this.options.downloads.expect(line.job, path, line.title);
    return line;
  }
}
