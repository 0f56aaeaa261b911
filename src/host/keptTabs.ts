import type { Tab } from './tab';
import type { TabFiles } from './tabFiles';

/** How long a tab that went may come back: a reload, a laptop that slept, a tunnel that broke. */
const KEPT_MINUTES = 15;
/** Tabs that wait to come back; the one that went longest ago is dropped first. */
const KEPT_MAX = 8;

/** Tabs whose connection is closed, for some minutes, then their uploads are deleted; and those of a killed host. */
export class KeptTabs {
  private readonly kept = new Map<string, { readonly tab: Tab; readonly timer: NodeJS.Timeout }>();

  /** `left`: tabs of a host that was killed, the one that changed last is the last. */
  constructor(
    private readonly files: TabFiles,
    private readonly left: Tab[],
    private readonly removeFile: (path: string) => Promise<void>,
    /** Hears of each tab that will not come back. */
    private readonly onDrop: (tab: Tab) => void,
  ) {}

  /** The tab that left with this secret; undefined: there is none. */
  take(secret: string | undefined): Tab | undefined {
    const kept = secret === undefined ? undefined : this.kept.get(secret);
    if (!kept) return this.takeLeft(({ secret: of }) => of === secret);
    clearTimeout(kept.timer);
    this.kept.delete(kept.tab.secret);
    return kept.tab;
  }

  /**
   * For a page that is nobody's: what a killed host left, the last first, since a host at another port is another place
   * to a browser, whose tab does not know itself again; or a fresh one.
   */
  takeAny(): Tab {
    return this.takeLeft() ?? this.fresh();
  }

  /** Whether a tab with this secret may come back. */
  has(secret: string): boolean {
    return this.kept.has(secret) || this.left.some((tab) => tab.secret === secret);
  }

  fresh(): Tab {
    return this.files.make();
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

  private takeLeft(isIt: (tab: Tab) => boolean = () => true): Tab | undefined {
    const at = this.left.findLastIndex(isIt);
    return at < 0 ? undefined : this.left.splice(at, 1)[0];
  }

  private drop(tab: Tab): void {
    clearTimeout(this.kept.get(tab.secret)?.timer);
    this.kept.delete(tab.secret);
    this.onDrop(tab);
    const photos = tab.photos.clear();
    void this.files.remove(tab).catch(() => undefined);
    for (const { source } of photos) {
      // What cannot be deleted now lies in the host's private folder and goes with it.
      if (source.kind === 'file' && source.temporary)
        void this.removeFile(source.path).catch(() => undefined);
    }
  }
}
