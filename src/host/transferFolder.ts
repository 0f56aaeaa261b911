import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultError } from '../shared/faults';
import { inheritFolders, makePrivateFolder } from '../privateFolders/privateFolder';

/**
 * A folder that only this user can read, for what pages send and fetch. Gone with the host; of one that was killed, the
 * next host takes it over.
 */
export interface TransferFolder {
  readonly path: string;
  /** Folders of hosts that were killed, in this one now. */
  readonly inherited: readonly string[];
  /** A path in the folder that nobody uses. */
  freshPath(): string;
  remove(): Promise<void>;
}

export async function makeTransferFolder(): Promise<TransferFolder> {
  const folder = await makePrivateFolder(tmpdir(), true).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new FaultError(
      'output-unwritable',
      `Expected a folder for temporary files that can be written, found that ${tmpdir()} cannot (${code}); set TMPDIR to another folder.`,
    );
  });
  return {
    path: folder.path,
    inherited: await inheritFolders(tmpdir(), folder.path),
    freshPath: () => join(folder.path, randomUUID()),
    remove: () => folder.close(),
  };
}
