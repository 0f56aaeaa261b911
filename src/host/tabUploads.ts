import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { faultOf, type Result } from '../shared/faults';
import { BOUNDS } from './clientBounds';
import type { TransferFolder } from './transferFolder';
import { receiveUpload } from './uploads';

export interface TabUploadsOptions {
  readonly folder: TransferFolder;
  /** The largest file that is taken. */
  readonly bytesMax: number;
  /** Files on their way at once; absent: as many as a page may have. */
  readonly atOnce?: number | undefined;
}

/** The files that one tab sends. */
export class TabUploads {
  private readonly gone = new AbortController();
  private underWay = 0;

  constructor(private readonly options: TabUploadsOptions) {
    setMaxListeners(0, this.gone.signal); // each upload listens; `underWay` bounds them
  }

  /** Receives a file into the host's folder and does with it what it came for. Never rejects. */
  async receive<T>(
    request: IncomingMessage,
    name: string,
    use: (path: string) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const { atOnce = BOUNDS.uploads } = this.options;
    if (this.underWay >= atOnce) {
      const message = `Expected at most ${atOnce} files on their way at once; send this one again when they are here.`;
      return { ok: false, fault: { code: 'bad-message', message, file: name } };
    }
    this.underWay += 1;
    try {
      return await use(await this.written(request, name));
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    } finally {
      this.underWay -= 1;
    }
  }

  /** The page is gone: what is under way is broken off. */
  end(): void {
    this.gone.abort();
  }

  /** The path of the whole file; rejects, leaving nothing, where it did not come to its end. */
  private async written(request: IncomingMessage, name: string): Promise<string> {
    const path = this.options.folder.freshPath();
    const announced = request.headers['content-length'];
    await receiveUpload(request, {
      path,
      name,
      announcedBytes: announced === undefined ? undefined : Number(announced),
      bytesMax: this.options.bytesMax,
      signal: this.gone.signal,
    });
    return path;
  }
}
