import { randomBytes } from 'node:crypto';
import { PhotoBook } from '../shared/link/photoBook';

/** How long a tab that went may come back: a reload, a laptop that slept, a tunnel that broke. */
const KEPT_MINUTES = 15;
/** Tabs that wait to come back; the one that went longest ago is dropped first. */
const KEPT_MAX = 8;

/** What a browser tab has beyond one connection. */
export class Tab {
  /** By this a connection and an upload are known as the tab's own; only the tab and this host know it. */
  readonly secret = randomBytes(32).toString('base64url');
  readonly photos = new PhotoBook();
  private snapshot: unknown = null;

  read(): unknown {
    return this.snapshot;
  }

  write(snapshot: unknown): void {
    this.snapshot = snapshot;
  }
}

/** Tabs whose connection is closed, for some minutes; then their uploads are deleted. */
export class KeptTabs {
  private readonly kept = new Map<string, { readonly tab: Tab; readonly timer: NodeJS.Timeout }>();

  constructor(private readonly removeFile: (path: string) => Promise<void>) {}

  /** The tab that left with this secret, or a fresh one. */
  take(secret: string | undefined): Tab {
    const kept = secret === undefined ? undefined : this.kept.get(secret);
    if (!kept) return new Tab();
    clearTimeout(kept.timer);
    this.kept.delete(kept.tab.secret);
    return kept.tab;
  }

  keep(tab: Tab): void {
    const timer = setTimeout(() => this.drop(tab), KEPT_MINUTES * 60_000).unref();
    this.kept.set(tab.secret, { tab, timer });
    const [oldest] = this.kept.values();
    if (this.kept.size > KEPT_MAX && oldest) this.drop(oldest.tab);
  }

  /** Forgets every tab; their files go with the host's folder. */
  clear(): void {
    for (const { timer } of this.kept.values()) clearTimeout(timer);
    this.kept.clear();
  }

  private drop(tab: Tab): void {
    clearTimeout(this.kept.get(tab.secret)?.timer);
    this.kept.delete(tab.secret);
    for (const { source } of tab.photos.clear()) {
      // What cannot be deleted now lies in the host's private folder and goes with it.
      if (source.kind === 'file' && source.temporary)
        void this.removeFile(source.path).catch(() => undefined);
    }
  }
}
