import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultError } from '../shared/faults';
import { makePrivateFolder } from '../privateFolders/privateFolder';

/** A folder that only this user can read, for what pages send and fetch; gone with the host, however it ends. */
export interface TransferFolder {
  /** A path in the folder that nobody uses. */
  freshPath(): string;
  remove(): Promise<void>;
}

export async function makeTransferFolder(): Promise<TransferFolder> {
  const folder = await makePrivateFolder(tmpdir()).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new FaultError(
      'output-unwritable',
      `Expected a folder for temporary files that can be written, found that ${tmpdir()} cannot (${code}); set TMPDIR to another folder.`,
    );
  });
  return {
    freshPath: () => join(folder.path, randomUUID()),
    remove: () => folder.close(),
  };
}
