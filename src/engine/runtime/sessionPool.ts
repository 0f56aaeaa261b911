import type { Network, RealDevice, Runtime } from './runtime';
import type { ModelRef } from '../onnx/modelRef';

export interface SessionPoolOptions {
  /** A network unused for so long is released. */
  readonly idleSeconds?: number;
  /** Idle networks are released, the longest unused first, while all together are larger. */
  readonly budgetBytes?: number;
  /** Called when nothing is loaded any more. */
  readonly onEmpty?: () => void;
}

interface Entry {
  readonly key: string;
  /** SHA-256 of the files that it was loaded from. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly network: Promise<Network>;
  users: number;
  idleTimer: NodeJS.Timeout | undefined;
}

/** A session keeps its weights, a prepacked copy, and an arena that has grown to its largest tile. */
const SESSION_OVERHEAD_BYTES = 64 * 2 ** 20;
const WEIGHT_COPIES = 2;

/**
 * Networks loaded once, kept while they are used, released when idle. A load is a memoised promise, so that
 * two callers share it; one that failed is forgotten, so that the next caller tries again.
 */
export class SessionPool {
  /** In order of last use, the longest unused first. */
  private readonly entries = new Map<string, Entry>();
  /** Files that could not be loaded once more: their networks stay until nobody needs them. */
  private readonly retiring = new Set<ReadonlySet<string>>();
  private readonly idleSeconds: number;
  private readonly budgetBytes: number;
  private readonly onEmpty: (() => void) | undefined;

  constructor(
    private readonly runtime: Runtime,
    options: SessionPoolOptions = {},
  ) {
    this.idleSeconds = options.idleSeconds ?? 60;
    this.budgetBytes = options.budgetBytes ?? 2 * 2 ** 30;
    this.onEmpty = options.onEmpty;
  }

  get loaded(): number {
    return this.entries.size;
  }

  /** Does `work` with the network loaded on the device; the network stays loaded at least so long. */
  async use<T>(model: ModelRef, device: RealDevice, work: (network: Network) => Promise<T>): Promise<T> {
    const entry = this.take(model, device);
    try {
      return await work(await entry.network);
    } finally {
      this.giveBack(entry);
    }
  }

  /** Releases a model's network on a device as soon as nobody uses it: the device was dropped. */
  forget(model: ModelRef, device: RealDevice): void {
    const entry = this.entries.get(keyOf(model, device));
    if (entry) this.remove(entry);
  }

  /**
   * The files (by SHA-256) are not there any more. What is loaded of them stays loaded until `unused` resolves,
   * however long it idles, and is released then.
   */
  async retire(files: ReadonlySet<string>, unused: Promise<void>): Promise<void> {
    this.retiring.add(files);
    await unused;
    this.retiring.delete(files);
    for (const entry of [...this.entries.values()]) if (isOf(entry, files)) this.remove(entry);
  }

  /** Releases everything that is idle now. */
  releaseIdle(): void {
    for (const entry of [...this.entries.values()]) if (this.isFree(entry)) this.remove(entry);
  }

  private take(model: ModelRef, device: RealDevice): Entry {
    const key = keyOf(model, device);
    const entry = this.entries.get(key) ?? this.load(key, model, device);
    clearTimeout(entry.idleTimer);
    entry.users += 1;
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.shrink();
    return entry;
  }

  private load(key: string, model: ModelRef, device: RealDevice): Entry {
    const entry: Entry = {
      key,
      files: model.blended ? [model.sha256, model.blended.sha256] : [model.sha256],
      bytes: model.bytes * WEIGHT_COPIES + SESSION_OVERHEAD_BYTES,
      network: this.runtime.open(model, device),
      users: 0,
      idleTimer: undefined,
    };
    entry.network.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    return entry;
  }

  private giveBack(entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (this.entries.get(entry.key) !== entry) {
      this.release(entry); // forgotten while it was in use
      return;
    }
    entry.idleTimer = setTimeout(() => {
      if (this.isFree(entry)) this.remove(entry);
    }, this.idleSeconds * 1000);
    entry.idleTimer.unref();
    this.shrink();
  }

  private shrink(): void {
    let bytes = 0;
    for (const entry of this.entries.values()) bytes += entry.bytes;
    for (const entry of [...this.entries.values()]) {
      if (bytes <= this.budgetBytes) return;
      if (!this.isFree(entry)) continue;
      bytes -= entry.bytes;
      this.remove(entry);
    }
  }

  /** Nobody uses it, and it could be loaded again. */
  private isFree(entry: Entry): boolean {
    return entry.users === 0 && ![...this.retiring].some((files) => isOf(entry, files));
  }

  private remove(entry: Entry): void {
    clearTimeout(entry.idleTimer);
    if (this.entries.get(entry.key) === entry) this.entries.delete(entry.key);
    if (entry.users === 0) this.release(entry);
    if (this.entries.size === 0) this.onEmpty?.();
  }

  /** A network that failed to load, or fails to go, leaves nothing that could still be done about it. */
  private release(entry: Entry): void {
    entry.network.then((network) => network.release()).catch(() => undefined);
  }
}

const isOf = (entry: Entry, files: ReadonlySet<string>): boolean =>
  entry.files.some((sha256) => files.has(sha256));

function keyOf({ sha256, blended }: ModelRef, device: RealDevice): string {
  return blended ? `${sha256}|${blended.sha256}|${blended.share}|${device}` : `${sha256}|${device}`;
}
