import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { rm, stat } from 'node:fs/promises';
import type { WebSocket } from 'ws';
import type { OfferedModel, PhotoInfo } from '../shared/contract';
import { FaultError, type Result } from '../shared/faults';
import type { EngineLink } from '../shared/link/engineLink';
import type { JobKeeper } from '../shared/link/jobKeeper';
import { OfferedModels } from '../shared/link/offeredModels';
import { PageDoor } from '../shared/link/pageDoor';
import type { Bounds } from './clientBounds';
import type { Downloads } from './downloads';
import type { Tab } from './tab';
import { PageSocket } from './pageSocket';
import { TabExports } from './tabExports';
import { TabUploads } from './tabUploads';
import type { TransferFolder } from './transferFolder';

export interface TabSessionOptions {
  readonly link: EngineLink;
  /** What the tab had before this connection, and has after it. */
  readonly tab: Tab;
  readonly keeper: JobKeeper;
  /** Whether a tab with this secret is connected or may come back. */
  readonly mayComeBack: (secret: string) => boolean;
  readonly folder: TransferFolder;
  readonly downloads: Downloads;
  readonly version: string;
  readonly uploadBytesMax: number;
  readonly bounds?: Bounds | undefined;
  /** See `PageSocketOptions`. */
  readonly pongWithinMs?: number | undefined;
  /** Takes what the person who started the host should know. */
  readonly tell?: ((sentence: string) => void) | undefined;
}

const onlyDesktop = (what: string): never => {
  throw new FaultError('bad-message', `Expected the desktop app for ${what}; a browser has its own.`);
};

const removeFile = (path: string): Promise<void> => rm(path, { force: true, maxRetries: 3 });

/** One connection of a browser tab: a WebSocket as one client of the engine. */
export class TabSession {
  readonly client = `tab-${randomUUID()}`;
  readonly door: PageDoor;
  private readonly socket: PageSocket;
  private readonly models: OfferedModels;
  private readonly uploads: TabUploads;

  constructor(
    socket: WebSocket,
    private readonly options: TabSessionOptions,
  ) {
    const { client } = this;
    const { link, tab, keeper, folder, downloads, version, bounds, pongWithinMs, tell } = options;
    this.uploads = new TabUploads({ folder, bytesMax: options.uploadBytesMax, atOnce: bounds?.uploads });
    this.models = new OfferedModels({ client, keeper, removeFile });
    const exports = new TabExports({
      client,
      link,
      keeper,
      folder,
      downloads,
      tab: tab.secret,
      mayComeBack: options.mayComeBack,
      photoReady: (photo) => this.door.photoReady(photo),
    });
    this.door = new PageDoor({
      client,
      link,
      send: (message) => this.socket.send(message),
      photos: tab.photos,
      session: tab,
      ordering: tab.ordering,
      stateOf: async (path) => {
        const { size, mtimeMs } = await stat(path);
        return { bytes: size, modifiedMs: mtimeMs };
      },
      removeFile,
      answers: {
        ...exports.answers,
        'door:describe': () => ({
          door: 'browser',
          version,
          platform: process.platform,
          client: tab.secret,
        }),
        'door:choose': () => onlyDesktop('its file dialog'),
        'door:reveal': () => onlyDesktop('the file manager'),
        'door:showModels': () => onlyDesktop('the file manager'),
        'door:evaluate': () => onlyDesktop('a folder of this machine'),
        'model:choose': () => onlyDesktop('its file dialog'),
        'model:import': (params) => this.models.import(params),
        'model:forget': (params) => this.models.forget(params),
        'document:open': () => onlyDesktop('documents on its disk'),
        'document:save': () => onlyDesktop('documents on its disk'),
        'recent:list': () => [],
        'recent:open': () => onlyDesktop('what was opened lately'),
        'recent:clear': () => null,
      },
    });
    this.socket = new PageSocket(socket, {
      bounds,
      pongWithinMs,
      tell,
      onCall: (call) => this.door.receive(call),
    });
  }

  /** Receives a photo's bytes and opens it for this tab. Never rejects. */
  receivePhoto(request: IncomingMessage, name: string): Promise<Result<PhotoInfo>> {
    return this.uploads.receive(request, name, (path) =>
      this.door.openPhoto({ path, name, temporary: true }),
    );
  }

  /** Receives a model's bytes and holds them for this tab. Never rejects. */
  receiveModel(request: IncomingMessage, name: string): Promise<Result<OfferedModel>> {
    return this.uploads.receive(request, name, (path) =>
      Promise.resolve({ ok: true, value: this.models.offer({ path, name, temporary: true }) }),
    );
  }

  get tab(): Tab {
    return this.options.tab;
  }

  /** Whether somebody is still there; a connection whose peer is silent is cut off. */
  isAlive(): Promise<boolean> {
    return this.socket.isAlive();
  }

  /**
   * Once the socket is closed: the tab's photos stay, for when it comes back, what it ordered begins, its jobs go on.
   */
  async end(): Promise<void> {
    this.uploads.end();
    const { keeper } = this.options;
    keeper.clientGone(this.client);
    await Promise.all([this.door.close(true), this.models.close()]);
    keeper.clientGone(this.client); // of what began meanwhile
  }
}
