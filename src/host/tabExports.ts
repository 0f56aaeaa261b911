import { randomUUID } from 'node:crypto';
import type { JobLine, PageDoorParams, PageDoorValue } from '../shared/contract';
import { FaultError, valueOf } from '../shared/faults';
import { safeFileName, safeName, stemOf } from '../shared/fileName';
import type { EngineLink } from '../shared/link/engineLink';
import type { JobKeeper } from '../shared/link/jobKeeper';
import type { PageDoorAnswers } from '../shared/link/pageDoor';
import { startEach } from '../shared/link/startEach';
import { hasFilesBeside, sheetExtensions } from '../shared/sheet';
import type { Downloads } from './downloads';
import type { TransferFolder } from './transferFolder';

export interface TabExportsParts {
  /** The name under which the engine knows this tab. */
  readonly client: string;
  readonly link: EngineLink;
  readonly keeper: JobKeeper;
  readonly folder: TransferFolder;
  readonly downloads: Downloads;
  /** The tab's secret. */
  readonly tab: string;
  /** Whether another tab with this secret is connected or may come back. */
  readonly mayComeBack: (secret: string) => boolean;
  /** Resolves once the engine that lives has a photo of the tab's. */
  readonly photoReady: (photo: string) => Promise<void>;
}

type ExportCall =
  | 'door:export'
  | 'door:exportAll'
  | 'door:sheet'
  | 'door:resume'
  | 'door:collect'
  | 'door:fetched'
  | 'door:finished'
  | 'model:export';

/** The files that one tab gets: each is made in the host's folder, and fetched from there once. */
export class TabExports {
  readonly answers: Pick<PageDoorAnswers, ExportCall> = {
    'door:export': (params) => this.export(params),
    'door:exportAll': (params) => this.exportAll(params),
    'door:sheet': (params) => this.sheet(params),
    'door:resume': (params) => this.resume(params),
    'door:collect': ({ job }) => this.collect(job),
    'door:fetched': async ({ job }) => {
      await this.parts.downloads.fetched(job);
      return null;
    },
    'door:finished': () => {
      const { downloads, tab, mayComeBack } = this.parts;
      return downloads.finished((of) => of === tab || !mayComeBack(of));
    },
    'model:export': ({ id }) => this.exportModel(id),
  };

  constructor(private readonly parts: TabExportsParts) {}

  private async export(
    { order, suggestedName, orderId }: PageDoorParams<'door:export'>,
    batch?: string,
  ): Promise<PageDoorValue<'door:export'>> {
    const { client, keeper, photoReady } = this.parts;
    const title = safeFileName(suggestedName, order.encoding.format);
    const output = this.freshOutput();
    const asked = { order, output, title, batch, orderId, photoReady };
    return this.expect(await keeper.startExport(client, asked), output.path);
  }

  private exportAll({
    files,
    batch,
  }: PageDoorParams<'door:exportAll'>): Promise<PageDoorValue<'door:exportAll'>> {
    return startEach(files, (file) => this.export(file, batch));
  }

  private async sheet({
    document,
    photos,
    format,
    suggestedName,
    orderId,
  }: PageDoorParams<'door:sheet'>): Promise<PageDoorValue<'door:sheet'>> {
    const { client, keeper } = this.parts;
    const as = safeName(suggestedName, sheetExtensions(format));
    // A browser saves one file at a time.
    const isPacked = hasFilesBeside(format);
    const title = isPacked ? `${stemOf(as)}.zip` : as;
    const output = { ...this.freshOutput(), format, ...(isPacked && { packed: { as } }) };
    const asked = { kind: 'sheet', title, orderId, order: { document, photos, output } } as const;
    return this.expect(await keeper.start(client, asked), output.path);
  }

  /** A file that an earlier host was to send lay in that one's folder: here it comes into ours. */
  private async resume({ job, anew }: PageDoorParams<'door:resume'>): Promise<PageDoorValue<'door:resume'>> {
    const { client, keeper, downloads } = this.parts;
    if (downloads.has(job)) return keeper.resume(client, { job, anew });
    const output = this.freshOutput();
    return this.expect(await keeper.resume(client, { job, anew, output }), output.path);
  }

  private collect(job: string): PageDoorValue<'door:collect'> {
    const download = this.parts.downloads.offer(job);
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
    const { client, link, folder, downloads, tab } = this.parts;
    const name = `${id}.onnx`;
    const path = `${folder.freshPath()}.onnx`;
    valueOf(await link.call(client, 'method:export', { id, path }));
    const key = randomUUID();
    downloads.expect({ job: key, path, name, tab });
    return { name, download: downloads.offer(key)! };
  }

  private freshOutput(): { path: string; overwrite: false } {
    return { path: this.parts.folder.freshPath(), overwrite: false };
  }

  private expect(line: JobLine, path: string): JobLine {
    const { downloads, tab } = this.parts;
    const { job, title: name, orderId } = line;
    downloads.expect({ job, path, name, tab, orderId });
    return line;
  }
}
