import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Each lasting job's folder for pixels, below the folder for temporary pixels. It outlives its engine; the ledger
 * that needs it is named in it, so that a sweep by another configuration's engine leaves it alone.
 */
const PREFIX = 'enlarger-job-';
const LEDGER = '.ledger';
/** A folder comes a moment before its job's line in the ledger. */
const NEWBORN_MS = 60 * 60_000;
/** A ledger that cannot be found may only not be visible from here, for instance from another container. */
const FORGOTTEN_MS = 30 * 24 * 60 * 60_000;

export class JobFolders {
  /** `ledger`: the folder of the ledger that these folders belong to. */
  constructor(
    private readonly root: string,
    private readonly ledger: string,
  ) {}

  pathOf(job: string): string {
    return join(this.root, PREFIX + job);
  }

  async remove(job: string): Promise<void> {
    await rm(this.pathOf(job), { recursive: true, force: true, maxRetries: 3 });
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
        if (ours && (isKnown(name.slice(PREFIX.length)) || untouched < NEWBORN_MS)) return;
        if (!ours && ((await exists(ledger)) || untouched < FORGOTTEN_MS)) return;
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }),
    );
  }

  /** Makes a job's folder, for this user alone. */
  async make(job: string): Promise<string> {
    const folder = this.pathOf(job);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, LEDGER), this.ledger, { mode: 0o600 });
    return folder;
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
