import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { MessagePortMain } from 'electron';
import type {
  JobLine,
  OfferedModel,
  OpenedDocument,
  PageDoorParams,
  PageDoorValue,
  PhotoInfo,
} from '../shared/contract';
import { isDocumentName } from '../shared/documentFile';
import { FaultError, faultOf, valueOf, type Result } from '../shared/faults';
import { distinctNames, safeFileName } from '../shared/fileName';
import type { EngineLink } from '../shared/link/engineLink';
import type { JobKeeper } from '../shared/link/jobKeeper';
import { OfferedModels } from '../shared/link/offeredModels';
import { PageDoor } from '../shared/link/pageDoor';
import { startEach } from '../shared/link/startEach';
import type { SheetFormat } from '../shared/sheet';
import { readDocument, writeDocument } from './documents';
import type { ExportTarget } from './files';
import type { RecentFiles } from './recentFiles';
import type { SavedSession } from './savedSession';

const MANIFEST = 'manifest.json';

/** What a session needs of the desktop; dialogs hang on the session's own window. */
export interface Desktop {
  readonly version: string;
  readonly recent: RecentFiles;
  chooseDocument(): Promise<string | undefined>;
  chooseDocumentPlace(suggestedName: string): Promise<string | undefined>;
  choosePhotos(): Promise<string[]>;
  chooseModel(): Promise<string | undefined>;
  chooseExport(
    suggestedName: string,
    format: PageDoorParams<'door:export'>['order']['encoding']['format'],
  ): Promise<ExportTarget | undefined>;
  chooseSheet(suggestedName: string, format: SheetFormat): Promise<ExportTarget | undefined>;
  chooseExportFolder(): Promise<string | undefined>;
  chooseOriginals(): Promise<string | undefined>;
  /** The names of what is in a folder. */
  namesIn(folder: string): Promise<string[]>;
  rememberFile(path: string): void;
  revealFile(path: string): void;
  removeFile(path: string): Promise<void>;
}

/** One loaded page: a MessagePort as one client of the engine. A reload is a new session. */
export class WindowSession {
  readonly client = `window-${randomUUID()}`;
  readonly door: PageDoor;
  readonly models: OfferedModels;

  constructor(
    port: MessagePortMain,
    private readonly link: EngineLink,
    private readonly saved: SavedSession,
    private readonly keeper: JobKeeper,
    private readonly desktop: Desktop,
    private readonly onEnd: () => void,
  ) {
    this.models = new OfferedModels({
      client: this.client,
      keeper,
      removeFile: (path) => desktop.removeFile(path),
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
      stateOf: async (path) => {
        const { size, mtimeMs } = await stat(path);
        return { bytes: size, modifiedMs: mtimeMs };
      },
      removeFile: (path) => desktop.removeFile(path),
      answers: {
        'door:describe': () => ({
          door: 'desktop',
          version: desktop.version,
          platform: process.platform,
          client: '',
        }),
        'door:choose': () => this.choose(),
        'door:export': (params) => this.export(params),
        'door:exportAll': (params) => this.exportAll(params),
        'door:sheet': (params) => this.sheet(params),
        'door:evaluate': (params) => this.evaluate(params),
        'door:resume': (params) => this.keeper.resume(this.client, params),
        'door:collect': () => {
          throw new FaultError(
            'bad-message',
            'Expected a browser for a download; the file is where you put it.',
          );
        },
        'door:reveal': ({ job }) => this.reveal(job),
        'model:choose': async () => {
          const path = await desktop.chooseModel();
          return path === undefined ? null : this.offerModel(path);
        },
        'model:import': (params) => this.models.import(params),
        'model:forget': (params) => this.models.forget(params),
        'model:export': ({ id }) => this.exportModel(id),
        'document:open': async () => {
          const path = await this.desktop.chooseDocument();
          return path === undefined ? null : this.openDocument(path);
        },
        'document:save': (params) => this.saveDocument(params),
        'recent:list': () => this.desktop.recent.list(),
        'recent:open': ({ id }) => this.openRecent(id),
        'recent:clear': () => {
          this.desktop.recent.clear();
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
    void this.door.close();
    void this.models.close();
  }

  /** Opens a file of the user's for this page. Never rejects. */
  async openFile(path: string): Promise<Result<PhotoInfo>> {
    const result = await this.door.openPhoto({ path, name: basename(path) });
    if (result.ok) {
      this.desktop.rememberFile(path);
      this.desktop.recent.note(path, 'photo');
    }
    return result;
  }

  /** Holds a model of the user's for this page; a folder that Enlarger exported is meant by the manifest in it. */
  offerModel(path: string): OfferedModel {
    const place = basename(path) === MANIFEST ? dirname(path) : path;
    return this.models.offer({ path: place, name: basename(place), temporary: false });
  }

  /** Reads a document, whose photos the page then opens by their tokens. Throws what `readDocument` throws. */
  async openDocument(path: string): Promise<OpenedDocument> {
    const { snapshot, photos } = await readDocument(path);
    for (const { booked } of photos) this.saved.photos.add(booked);
    this.desktop.rememberFile(path);
    return {
      file: this.desktop.recent.note(path, 'document'),
      name: basename(path),
      snapshot,
      photos: photos.map(({ was, booked }) => ({ was, photo: booked.photo })),
    };
  }

  /** Opens files that the page did not ask for (open-with, menu, dock) and tells it of each. */
  async openUnasked(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if (isDocumentName(path)) {
        await this.openDocument(path).then(
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
    for (const path of await this.desktop.choosePhotos()) {
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

  private async export(params: PageDoorParams<'door:export'>): Promise<PageDoorValue<'door:export'>> {
    const { order, suggestedName } = params;
    const output = await this.desktop.chooseExport(suggestedName, order.encoding.format);
    if (output === undefined) throw new FaultError('stopped', 'No place was chosen to export to.');
    const asked = { kind: 'upscale', title: basename(output.path), order: { ...order, output } } as const;
    return this.keeper.start(this.client, asked);
  }

  private async evaluate(settings: PageDoorParams<'door:evaluate'>): Promise<PageDoorValue<'door:evaluate'>> {
    const dataset = await this.desktop.chooseOriginals();
    if (dataset === undefined) throw new FaultError('stopped', 'No folder of originals was chosen.');
    const asked = { kind: 'evaluate', order: { ...settings, dataset } } as const;
    return this.keeper.start(this.client, asked);
  }

  private async sheet({
    document,
    photos,
    format,
    suggestedName,
  }: PageDoorParams<'door:sheet'>): Promise<PageDoorValue<'door:sheet'>> {
    const target = await this.desktop.chooseSheet(suggestedName, format);
    if (target === undefined) throw new FaultError('stopped', 'No place was chosen for the sheet.');
    const order = { document, photos, output: { ...target, format } };
    const asked = { kind: 'sheet', title: basename(target.path), order } as const;
    return this.keeper.start(this.client, asked);
  }

  private async exportAll({
    files,
    batch,
  }: PageDoorParams<'door:exportAll'>): Promise<PageDoorValue<'door:exportAll'>> {
    const folder = await this.desktop.chooseExportFolder();
    if (folder === undefined) throw new FaultError('stopped', 'No folder was chosen to export to.');
    const names = files.map(({ order, suggestedName }) => safeFileName(suggestedName, order.encoding.format));
    const taken = await this.desktop.namesIn(folder);
    // What is there already keeps its name: only the new ones are told apart from it.
    const distinct = distinctNames([...taken, ...names]).slice(taken.length);
    const start = ({ order }: (typeof files)[number], index: number): Promise<JobLine> => {
      const title = distinct[index]!;
      const output = { path: join(folder, title), overwrite: false };
      const asked = { kind: 'upscale', title, batch, order: { ...order, output } } as const;
      return this.keeper.start(this.client, asked);
    };
    return startEach(files, start, (fault) => this.door.tell({ event: 'door:failed', fault }));
  }

  /** Into a folder of its own within the one that the user chooses; what is there already keeps its name. */
  private async exportModel(id: string): Promise<PageDoorValue<'model:export'>> {
    const folder = await this.desktop.chooseExportFolder();
    if (folder === undefined) throw new FaultError('stopped', 'No folder was chosen to export to.');
    const taken = await this.desktop.namesIn(folder);
    const name = distinctNames([...taken, id]).at(-1)!;
    const path = join(folder, name);
    valueOf(await this.link.call(this.client, 'method:export', { id, path }));
    this.desktop.revealFile(path);
    return { name, download: null };
  }

  private async reveal(job: string): Promise<null> {
    const { path } = valueOf(await this.link.call(this.client, 'job:place', { job }));
    this.desktop.revealFile(path);
    return null;
  }

  private async saveDocument({
    snapshot,
    file,
    suggestedName,
  }: PageDoorParams<'document:save'>): Promise<PageDoorValue<'document:save'>> {
    const known = file === null ? undefined : this.desktop.recent.find(file)?.path;
    const path = known ?? (await this.desktop.chooseDocumentPlace(suggestedName));
    if (path === undefined) throw new FaultError('stopped', 'No place was chosen to save to.');
    if (typeof snapshot !== 'object' || snapshot === null) {
      throw new FaultError('bad-message', 'Expected a snapshot of a document.');
    }
    const text = JSON.stringify(snapshot);
    // Those that it names, also such as cannot be read just now.
    const photos = this.saved.photos.all.filter(({ photo }) => text.includes(photo));
    await writeDocument(path, snapshot, photos);
    this.desktop.rememberFile(path);
    return { file: this.desktop.recent.note(path, 'document'), name: basename(path) };
  }

  private async openRecent(id: string): Promise<PageDoorValue<'recent:open'>> {
    const known = this.desktop.recent.find(id);
    if (!known) {
      throw new FaultError('not-found', 'Expected a file that was opened lately; open it from its folder.');
    }
    if (known.kind === 'document') return { kind: 'document', document: await this.openDocument(known.path) };
    return { kind: 'photo', photo: valueOf(await this.openFile(known.path)) };
  }
}
