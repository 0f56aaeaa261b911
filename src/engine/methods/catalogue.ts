import type { MethodChange } from '../../shared/contract';
import { editDistance } from '../../shared/editDistance';
import type { MethodRef } from '../../shared/enlargement';
import { FaultError } from '../../shared/faults';
import { Mutex } from '../../shared/mutex';
import type { Method } from './method';
import type { MethodParts } from './modelFolder';
import { expectOwnId, type CatalogueEntry, type ModelsFolder } from './modelsFolder';
import { draftModel, placeModel, removeModel } from './userModels';

export interface CatalogueParts extends Pick<MethodParts, 'sessions'> {
  /** Interpolations and what is bundled: these stay as they are. */
  readonly fixed: readonly CatalogueEntry[];
  readonly own: ModelsFolder | undefined;
  readonly load: (folder: string, name: string) => Promise<CatalogueEntry>;
}

/** How often each entry is in use, and who waits for the end of that. */
interface Usage {
  count: number;
  unused?: () => void;
}

/**
 * All methods there are, in the order of their families; the user's own come and go while the engine runs. A
 * method that goes is not found any more from that moment, and finishes what uses it.
 */
export class Catalogue {
  private entries: ReadonlyMap<string, CatalogueEntry>;
  private readonly removed = new Set<string>();
  private readonly usages = new WeakMap<CatalogueEntry, Usage>();
  private readonly listeners = new Set<(changes: readonly MethodChange[]) => void>();
  private readonly oneAtATime = new Mutex();
  private readonly fixedIds: ReadonlySet<string>;

  constructor(private readonly parts: CatalogueParts) {
    this.entries = byId(parts.fixed);
    this.fixedIds = new Set(this.entries.keys());
  }

  get all(): Method[] {
    return this.list.map(({ method }) => method);
  }

  get list(): readonly CatalogueEntry[] {
    return [...this.entries.values()];
  }

  /** Tells of every change from now on, after it. */
  onChange(listener: (changes: readonly MethodChange[]) => void): void {
    this.listeners.add(listener);
  }

  /**
   * The method that a request means. Throws `unknown-method`, naming those that there are, the likeliest first,
   * and `method-changed` where its files are not any more those that the request was made for.
   */
  get(id: string, sum?: MethodRef['sum']): Method {
    return this.find(id, sum).method;
  }

  /** As `get`, with where the method's model lies. */
  entry(id: string, sum?: MethodRef['sum']): CatalogueEntry {
    return this.find(id, sum);
  }

  /**
   * Does `work` with the method that `get` gives; what is loaded of it stays so long, even where its files go
   * meanwhile.
   */
  async during<T>(id: string, sum: MethodRef['sum'], work: (method: Method) => Promise<T>): Promise<T> {
    const entry = this.find(id, sum);
    const usage = this.usages.get(entry) ?? { count: 0 };
    this.usages.set(entry, usage);
    usage.count += 1;
    try {
      return await work(entry.method);
    } finally {
      usage.count -= 1;
      if (usage.count === 0) usage.unused?.();
    }
  }

  /**
   * Looks what became of the user's models, whoever changed them: this engine or another one. Only folders that
   * changed are loaded.
   */
  refresh(): Promise<readonly MethodChange[]> {
    return this.oneAtATime.run(async () => this.replaceOwn((await this.parts.own?.read()) ?? []));
  }

  /** An empty folder to write a model into that `install` takes over; whoever gives up removes it. */
  draft(): Promise<string> {
    return draftModel(this.ownPath());
  }

  /** The method in a draft, to be tried before it is installed under that id. Throws as `install` does. */
  async loadDraft(draft: string, id: string): Promise<Method> {
    expectOwnId(id, this.fixedIds);
    return (await this.parts.load(draft, id)).method;
  }

  /**
   * Takes a finished draft over as the user's model `id`, in place of the one that had this id before. Throws
   * `bad-model`, with the draft left where it is, where it is no valid model or the id is a bundled method's.
   */
  async install(draft: string, id: string): Promise<CatalogueEntry> {
    expectOwnId(id, this.fixedIds);
    await this.parts.load(draft, id);
    await placeModel(this.ownPath(), draft, id);
    await this.refresh();
    return this.find(id);
  }

  /** Removes a model of the user's, from the disk too. Throws `unknown-method`, and `bad-option` for a bundled one. */
  async remove(id: string): Promise<void> {
    const { origin } = this.find(id);
    if (origin === 'bundled') {
      throw new FaultError(
        'bad-option',
        `Expected a model of your own to remove, received ${id}, which comes with Enlarger and stays.`,
      );
    }
    await removeModel(this.ownPath(), id);
    await this.refresh();
  }

  private ownPath(): string {
    const { own } = this.parts;
    if (own) return own.path;
    throw new FaultError('output-unwritable', 'Expected a folder for models of your own, but there is none.');
  }

  private find(id: string, sum?: MethodRef['sum']): CatalogueEntry {
    const entry = this.entries.get(id);
    if (!entry) throw this.unknown(id);
    const now = entry.method.card.sum;
    if (sum === undefined || sum === now) return entry;
    throw new FaultError(
      'method-changed',
      `Expected ${id} with the files that it had when this was asked for (${sum}), but it has others by now ` +
        `(${now}): it was trained or installed again. Choose it once more to use it as it is.`,
    );
  }

  private unknown(id: string): FaultError {
    const known = [...this.entries.keys()].sort((a, b) => editDistance(a, id) - editDistance(b, id));
    const there = `there are: ${known.join(', ')}.`;
    return new FaultError(
      'unknown-method',
      this.removed.has(id)
        ? `Expected the method ${id}, but it was removed; choose another one, ${there}`
        : `Expected the id of a method, received "${id}"; ${there}`,
    );
  }

  private replaceOwn(own: readonly CatalogueEntry[]): readonly MethodChange[] {
    const before = this.entries;
    this.entries = byId([...this.parts.fixed, ...own]);
    const changes: MethodChange[] = [];
    for (const [id, entry] of this.entries) {
      const old = before.get(id);
      if (old === entry) continue;
      this.removed.delete(id);
      changes.push({ id, change: old ? 'replaced' : 'added' });
    }
    for (const id of before.keys()) {
      if (this.entries.has(id)) continue;
      this.removed.add(id);
      changes.push({ id, change: 'removed' });
    }
    for (const old of before.values()) if (this.entries.get(old.method.id) !== old) this.retire(old);
    if (changes.length > 0) for (const listener of this.listeners) listener(changes);
    return changes;
  }

  /** Releases what is loaded of a method that went, once nobody uses it; files that others run too stay loaded. */
  private retire(entry: CatalogueEntry): void {
    const kept = new Set(this.list.flatMap(({ files }) => files));
    const files = new Set(entry.files.filter((sha256) => !kept.has(sha256)));
    const usage = this.usages.get(entry);
    const unused =
      usage && usage.count > 0 ? new Promise<void>((done) => (usage.unused = done)) : Promise.resolve();
    void this.parts.sessions.retire(files, unused);
  }
}

const byId = (entries: readonly CatalogueEntry[]): ReadonlyMap<string, CatalogueEntry> =>
  new Map(entries.map((entry) => [entry.method.id, entry]));
