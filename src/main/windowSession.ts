import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { MessagePortMain } from 'electron';
import type { OfferedModel, PageDoorValue, PhotoInfo } from '../shared/contract';
import { isDocumentName } from '../shared/documentFile';
import { FaultError, faultOf, valueOf, type Result } from '../shared/faults';
import type { EngineLink } from '../shared/link/engineLink';
import type { JobKeeper } from '../shared/link/jobKeeper';
import { OfferedModels } from '../shared/link/offeredModels';
import { PageDoor } from '../shared/link/pageDoor';
import type { Desktop } from './desktop';
import type { SavedSession } from './savedSession';
import { WindowDocuments } from './windowDocuments';
import { WindowExports } from './windowExports';

const MANIFEST = 'manifest.json';

/** One loaded page: a MessagePort as one client of the engine. A reload is a new session. */
export class WindowSession {
  readonly client = `window-${randomUUID()}`;
  readonly door: PageDoor;
  readonly models: OfferedModels;
  readonly documents: WindowDocuments;

  constructor(
    port: MessagePortMain,
    link: EngineLink,
    saved: SavedSession,
    private readonly keeper: JobKeeper,
    private readonly desktop: Desktop,
    private readonly onEnd: () => void,
  ) {
    this.models = new OfferedModels({
      client: this.client,
      keeper,
      removeFile: (path) => desktop.removeFile(path),
    });
    this.documents = new WindowDocuments(saved.photos, desktop);
    const exports = new WindowExports({
      client: this.client,
      link,
      keeper,
      desktop,
      photoReady: (photo) => this.door.photoReady(photo),
    });
    this.door = new PageDoor({
      client: this.client,
      link,
      send: (message) => {
        port.postMessage(message);
        return Promise.resolve();
      },
      photos: saved.photos,
      session: saved,
      ordering: saved.ordering,
      stateOf: async (path) => {
        const { size, mtimeMs } = await stat(path);
        return { bytes: size, modifiedMs: mtimeMs };
      },
      removeFile: (path) => desktop.removeFile(path),
      answers: {
        ...exports.answers,
        'door:describe': () => ({
          door: 'desktop',
          version: desktop.version,
          platform: process.platform,
          client: '',
        }),
        'door:choose': () => this.choose(),
        'door:resume': (params) => keeper.resume(this.client, params),
        'door:collect': () => {
          throw new FaultError(
            'bad-message',
            'Expected a browser for a download; the file is where you put it.',
          );
        },
        'door:fetched': () => null,
        'door:finished': () => [],
        'model:choose': async () => {
          const path = await desktop.dialogs.chooseModel();
          return path === undefined ? null : this.offerModel(path);
        },
        'model:import': (params) => this.models.import(params),
        'model:forget': (params) => this.models.forget(params),
        'document:open': () => this.documents.choose(),
        'document:save': (params) => this.documents.save(params),
        'recent:list': () => desktop.recent.list(),
        'recent:open': ({ id }) => this.openRecent(id),
        'recent:clear': () => {
          desktop.recent.clear();
          return null;
        },
      },
    });
    port.on('message', ({ data }) => {
      try {
        this.door.receive(data);
      } catch {
        port.close(); // a page that sends what is no call is cut off; closing our own end tells us nothing
        this.end();
      }
    });
    port.once('close', () => this.end());
    port.start();
  }

  /** The page is gone or replaced: its photos go, its jobs go on. */
  end(): void {
    this.onEnd();
    this.keeper.clientGone(this.client);
    void this.door.close().then(() => this.keeper.clientGone(this.client)); // of what began meanwhile
    void this.models.close();
  }

  /** Opens a file of the user's for this page. Never rejects. */
  async openFile(path: string): Promise<Result<PhotoInfo>> {
    const result = await this.door.openPhoto({ path, name: basename(path) });
    if (result.ok) this.desktop.rememberFile(path, 'photo');
    return result;
  }

  /** Holds a model of the user's for this page; a folder that Enlarger exported is meant by the manifest in it. */
  offerModel(path: string): OfferedModel {
    const place = basename(path) === MANIFEST ? dirname(path) : path;
    return this.models.offer({ path: place, name: basename(place), temporary: false });
  }

  /** Opens files that the page did not ask for (open-with, menu, dock) and tells it of each. */
  async openUnasked(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if (isDocumentName(path)) {
        await this.documents.open(path).then(
          (document) => this.door.tell({ event: 'door:document', document }),
          (error: unknown) => this.door.tell({ event: 'door:failed', fault: faultOf(error) }),
        );
        continue;
      }
      const result = await this.openFile(path);
      this.door.tell(
        result.ok
          ? { event: 'door:opened', photo: result.value }
          : { event: 'door:failed', fault: result.fault },
      );
    }
  }

  /** The chosen photos that could be opened; each that could not is told as `door:failed`. */
  private async choose(): Promise<PhotoInfo[]> {
    const photos: PhotoInfo[] = [];
    for (const path of await this.desktop.dialogs.choosePhotos()) {
      if (isDocumentName(path)) {
        await this.openUnasked([path]);
        continue;
      }
      const result = await this.openFile(path);
      if (result.ok) photos.push(result.value);
      else this.door.tell({ event: 'door:failed', fault: result.fault });
    }
    return photos;
  }

  private async openRecent(id: string): Promise<PageDoorValue<'recent:open'>> {
    const known = this.desktop.recent.find(id);
    if (!known) {
      throw new FaultError('not-found', 'Expected a file that was opened lately; open it from its folder.');
    }
    if (known.kind === 'document')
      return { kind: 'document', document: await this.documents.open(known.path) };
    return { kind: 'photo', photo: valueOf(await this.openFile(known.path)) };
  }
}
