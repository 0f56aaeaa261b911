import { randomBytes } from 'node:crypto';
import { Ordering } from '../shared/link/ordering';
import { PhotoBook, type BookedPhoto } from '../shared/link/photoBook';

/** What a tab of an earlier host had. */
export interface EarlierTab {
  readonly secret: string;
  readonly snapshot: unknown;
  readonly photos: readonly BookedPhoto[];
}

/** What a browser tab has beyond one connection. */
export class Tab {
  /** By this a connection and an upload are known as the tab's own; only the tab and this host know it. */
  readonly secret: string;
  readonly photos: PhotoBook;
  readonly ordering = new Ordering();
  /** The engine's name for its last connection. */
  client: string | undefined;
  /** Resolves once its last connection has ended, or has what the one before left. */
  settled: Promise<unknown> = Promise.resolve();
  private snapshot: unknown;

  /** `onChange` is told after every change. */
  constructor(
    private readonly onChange: () => void,
    from?: EarlierTab,
  ) {
    this.secret = from?.secret ?? randomBytes(32).toString('base64url');
    this.snapshot = from?.snapshot ?? null;
    this.photos = new PhotoBook(from?.photos, onChange);
  }

  read(): unknown {
    return this.snapshot;
  }

  write(snapshot: unknown): void {
    this.snapshot = snapshot;
    this.onChange();
  }
}
