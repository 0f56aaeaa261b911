import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../shared/faults';
import { makePrivateFolder, sweepPrivateFolders } from '../../privateFolders/privateFolder';
import { makeFolders } from '../state/folders';
import { Claims } from './claims';
import { JobFolders } from './jobFolders';
import { Journal, readJournal } from './journal';
import { kindOf, type JobKinds, type Work } from './kind';
import { follow, isKeptFailure, type JobRecord, type JobState } from './ledger';

const ID = /^[a-z0-9]{1,64}$/;
const NEW = '.new-';
const DAY_MS = 24 * 60 * 60_000;

type Begun = Extract<JobRecord, { record: 'begun' }>;

/** The ledger on disk: `<ledger>/<job>` with journal and claim of each job, and each job's folder for pixels. */
export class Shelf {
  private constructor(
    private readonly ledger: string,
    private readonly kinds: JobKinds,
    readonly folders: JobFolders,
    /** Undefined where the ledger cannot be written: jobs then end with this engine. */
    private readonly claims: Claims | undefined,
  ) {}

  /**
   * Opens the ledger and removes what dead engines left that no job needs. Where it cannot be written the engine
   * works without, and `notice` is told.
   */
  static async open(
    ledger: string,
    scratchRoot: string,
    kinds: JobKinds,
    notice: (sentence: string) => void,
  ): Promise<Shelf> {
    const engines = join(ledger, 'engines');
    try {
      await makeFolders(engines);
      const own = await makePrivateFolder(engines);
      const claims = new Claims(own.path);
      const folders = new JobFolders(scratchRoot, ledger, claims);
      const shelf = new Shelf(ledger, kinds, folders, claims);
      await sweepPrivateFolders(engines);
      await shelf.sweep();
      return shelf;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error);
      notice(
        `Expected to be able to write ${ledger} (${why}): work that is broken off cannot be taken up again; set ENLARGER_HOME to another folder.`,
      );
      return new Shelf(ledger, kinds, new JobFolders(scratchRoot, ledger), undefined);
    }
  }

  /** A job's line in the ledger: on disk where it `lasts`, in memory otherwise. */
  async put(begun: Begun, lasts: boolean): Promise<{ state: JobState; journal: Journal | undefined }> {
    if (!this.claims || !lasts) return { state: follow(undefined, begun), journal: undefined };
    // Made whole under another name: one that is half made is nobody's to sweep.
    const fresh = join(this.ledger, NEW + randomUUID());
    try {
      await mkdir(fresh, { mode: 0o700 });
      await this.claims.take(fresh);
      const journal = await Journal.begin(fresh, begun);
      await rename(fresh, join(this.ledger, begun.job));
      return { state: journal.state, journal };
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      throw new FaultError(
        'output-unwritable',
        `Expected to be able to write the ledger of jobs in ${this.ledger}, but could not; make room there, or set ENLARGER_HOME to another folder.`,
        { file: this.ledger, detail: String(error) },
      );
    }
  }

  /** A job's folder for pixels, made. */
  folderFor(job: string): Promise<string> {
    return this.folders.make(job);
  }

  /** Every job on disk that has not ended, or whose failure is kept, and whether another engine works on it. */
  async list(): Promise<{ state: JobState; held: boolean }[]> {
    const all = await Promise.all(
      (await this.ids()).map(async (id) => {
        const state = await readJournal(join(this.ledger, id));
        if (!state || (state.end && !isKeptFailure(state))) return [];
        return [{ state, held: await this.isElsewhere(id) }];
      }),
    );
    return all.flat();
  }

  /**
   * Every job on disk, less those whose engine died between the last file's coming into place and saying so: nothing is
   * left to go on with, and they are taken out of the ledger. Whoever lists jobs is asked about the others alone; a door
   * that lets its own jobs go on after a crash has taken them up by then. `isOwn`: this engine works on it.
   */
  async settled(isOwn: (job: string) => boolean): Promise<{ state: JobState; held: boolean }[]> {
    const all = await this.list();
    let isChanged = false;
    for (const { state, held } of all) {
      if (held || state.end || isOwn(state.job) || !(await this.revived(state)?.isThere?.(state.marks)))
        continue;
      isChanged = true;
      await this.drop(state.job).catch(() => undefined); // another engine was quicker
    }
    return isChanged ? this.list() : all;
  }

  /** Whether another engine that lives works on a job. */
  async isElsewhere(id: string): Promise<boolean> {
    return (await this.claims?.holder(join(this.ledger, id))) === 'another';
  }

  async stateOf(id: string): Promise<JobState | undefined> {
    return ID.test(id) ? readJournal(join(this.ledger, id)) : undefined;
  }

  /** A job of a dead engine, to go on; undefined where there is none. Throws where another engine has it. */
  async take(id: string): Promise<Journal | undefined> {
    const folder = join(this.ledger, id);
    if (!this.claims || !(await this.stateOf(id))) return undefined;
    if (!(await this.claims.take(folder))) {
      throw new FaultError(
        'bad-option',
        `Expected a job that nobody works on, but another window or terminal of Enlarger works on ${id}; stop it there.`,
      );
    }
    const journal = await Journal.reopen(folder);
    if (!journal) await this.claims.release(folder);
    return journal;
  }

  async release(id: string): Promise<void> {
    await this.claims?.release(join(this.ledger, id));
  }

  /** Takes a job of a dead engine out of the ledger, with all that it left. */
  async drop(id: string): Promise<void> {
    const journal = await this.take(id);
    if (!journal) return;
    const { state } = journal;
    await journal.close();
    await this.revived(state)?.clear?.(state.marks);
    await this.clear(id);
  }

  /** Leaves a job that has failed in the ledger, for any engine, with what it can begin anew from and no more. */
  async keepFailure(id: string, inputs: readonly string[]): Promise<void> {
    await this.folders.removeAllBut(id, inputs);
    await this.release(id);
  }

  /** Removes a job's line and pixels; this engine has its claim, or nobody ever had. */
  async clear(id: string): Promise<void> {
    await this.folders.remove(id);
    if (ID.test(id)) {
      await rm(join(this.ledger, id), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    }
  }

  /**
   * The work of a job that an engine left; undefined where this version cannot read its order: then only what
   * the ledger itself knows of it can be removed.
   */
  revived(state: JobState): Work | undefined {
    try {
      const folder = this.folders.pathOf(state.job);
      return kindOf(this.kinds, state.kind)?.revive?.(state.order, { folder });
    } catch {
      return undefined;
    }
  }

  private async ids(): Promise<string[]> {
    const names = await readdir(this.ledger).catch(() => []);
    return names.filter((name) => ID.test(name) && name !== 'engines');
  }

  private async sweep(): Promise<void> {
    for (const id of await this.ids()) {
      const folder = join(this.ledger, id);
      const state = await readJournal(folder);
      if (state && (!state.end || isKeptFailure(state))) continue;
      // Ended, and its engine died before it had cleared up; or damaged beyond reading.
      if (!(await this.claims?.take(folder))) continue;
      if (state) await this.revived(state)?.clear?.(state.marks);
      await this.clear(id);
    }
    const known = new Set(await this.ids());
    await this.folders.sweep((job) => known.has(job));
    for (const name of (await readdir(this.ledger)).filter((one) => one.startsWith(NEW))) {
      const path = join(this.ledger, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > DAY_MS) await rm(path, { recursive: true, force: true });
    }
  }
}
