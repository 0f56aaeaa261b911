import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { makeFolders } from '../../state/folders';
import { errnoOf } from '../fileFaults';

/** A folder of this process alone for pixels on disk; gone when closed and when the process exits. */
export interface ScratchFolder {
  readonly path: string;
  close(): Promise<void>;
}

const NAME = /^enlarger-(\d+)-\w{6}$/;

/** Where pixels are kept while working: ENLARGER_SCRATCH, or the system's temporary folder. */
export const scratchRoot = (): string => process.env.ENLARGER_SCRATCH ?? tmpdir();

/**
 * Makes a private folder (mode 700) under `root` and removes those that dead processes left there.
 * Throws `output-unwritable` where `root` cannot be written.
 */
export async function openScratchFolder(root: string = scratchRoot()): Promise<ScratchFolder> {
  let path: string;
  try {
    await makeFolders(root);
    path = await mkdtemp(join(root, `enlarger-${process.pid}-`));
  } catch (error) {
    throw new FaultError(
      'output-unwritable',
      `Expected a folder for temporary pixels that can be written, found that ${root} cannot (${errnoOf(error)}); set ENLARGER_SCRATCH to another folder.`,
      { file: root },
    );
  }
  await sweep(root);
  const removeNow = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', removeNow);
  return {
    path,
    async close() {
      process.off('exit', removeNow);
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Removes folders of processes that no longer run; those of other users cannot be removed and stay. */
async function sweep(root: string): Promise<void> {
  const stale = (await readdir(root)).filter((name) => {
    const pid = Number(NAME.exec(name)?.[1] ?? process.pid);
    return pid !== process.pid && !isRunning(pid);
  });
  await Promise.allSettled(stale.map((name) => rm(join(root, name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
