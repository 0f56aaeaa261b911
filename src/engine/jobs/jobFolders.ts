import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Each lasting job's folder for pixels, below the folder for temporary pixels. It outlives its engine; the ledger
 * that needs it is named in it, so that a sweep by another configuration's engine leaves it alone.
 */
const PREFIX = 'enlarger-job-';
const LEDGER = '.ledger';
const ENGINE = '.engine';
/** A folder comes a moment before its job's line in the ledger: where nobody can tell whether its engine lives. */
const NEWBORN_MS = 60 * 60_000;
/** A ledger that cannot be found may only not be visible from here, for instance from another container. */
const FORGOTTEN_MS = 30 * 24 * 60 * 60_000;

/** Engines, by their names in this ledger: this one, and whether another lives. */
export interface Engines {
  readonly name: string;
  lives(name: string): Promise<boolean>;
}

export class JobFolders {
  /** `ledger`: the folder of the ledger that these folders belong to; `engines`: where it can be written. */
  constructor(
    private readonly root: string,
    private readonly ledger: string,
    private readonly engines?: Engines,
  ) {}

  pathOf(job: string): string {
    return join(this.root, PREFIX + job);
  }

  async remove(job: string): Promise<void> {
    await rm(this.pathOf(job), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes what lies in a job's folder, but for some files of it and what says whose it is. */
  async removeAllBut(job: string, kept: readonly string[]): Promise<void> {
    const stays = new Set([LEDGER, ENGINE, ...kept]);
    const names = await readdir(this.pathOf(job)).catch(() => []);
    const gone = names.filter((name) => !stays.has(name));
    await Promise.all(
      gone.map((name) => rm(join(this.pathOf(job), name), { recursive: true, force: true, maxRetries: 3 })),
    );
  }

  /** Removes what no ledger needs. `isKnown`: whether this ledger has the job. */
  async sweep(isKnown: (job: string) => boolean): Promise<void> {
    const names = (await readdir(this.root).catch(() => [])).filter((name) => name.startsWith(PREFIX));
    await Promise.allSettled(
      names.map(async (name) => {
        const folder = join(this.root, name);
        const ledger = await readFile(join(folder, LEDGER), 'utf8').catch(() => undefined);
        if (ledger === undefined) return;
        const untouched = Date.now() - (await latestChange(folder));
        const ours = ledger === this.ledger;
        if (ours && isKnown(name.slice(PREFIX.length))) return;
        if (ours && (await this.isBeingCreated(folder, untouched))) return;
        if (!ours && ((await exists(ledger)) || untouched < FORGOTTEN_MS)) return;
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }),
    );
  }

  /** Makes a job's folder, for this user alone. */
  async make(job: string): Promise<string> {
    const folder = this.pathOf(job);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (this.engines) await writeFile(join(folder, ENGINE), this.engines.name, { mode: 0o600 });
    await writeFile(join(folder, LEDGER), this.ledger, { mode: 0o600 });
    return folder;
  }

  /** Whether an engine may be about to write the job of this folder into the ledger. */
  private async isBeingCreated(folder: string, untouchedMs: number): Promise<boolean> {
    const engine = await readFile(join(folder, ENGINE), 'utf8').catch(() => undefined);
    if (engine === undefined || !this.engines) return untouchedMs < NEWBORN_MS;
    return this.engines.lives(engine);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function latestChange(folder: string): Promise<number> {
  const names = await readdir(folder);
  const times = await Promise.all(
    [folder, ...names.map((name) => join(folder, name))].map(async (path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}
