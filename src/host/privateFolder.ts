import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultError } from '../shared/faults';

/** A folder that only this user can read, for what pages send and fetch; gone with the host. */
export interface PrivateFolder {
  /** A path in the folder that nobody uses. */
  freshPath(): string;
  remove(): Promise<void>;
}

export async function makePrivateFolder(): Promise<PrivateFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'enlarger-')).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new FaultError(
      'output-unwritable',
      `Expected a folder for temporary files that can be written, found that ${tmpdir()} cannot (${code}); set TMPDIR to another folder.`,
    );
  }); // mkdtemp makes it with mode 0700
  return {
    freshPath: () => join(folder, randomUUID()),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
