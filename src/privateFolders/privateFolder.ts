import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSign, isHeld, showLife } from './lifeSign';

/** A folder of this process alone (mode 700): gone when closed, at the process's end, or at a later sweep. */
export interface PrivateFolder {
  readonly path: string;
  close(): Promise<void>;
  /** The same at once, for a process that is about to end. */
  removeNow(): void;
}

const PREFIX = 'enlarger-';
const NAME = /^enlarger-\w{6}$/;

/** Makes a private folder in the folder `root`. Throws the system's error. */
export async function makePrivateFolder(root: string): Promise<PrivateFolder> {
  const path = await mkdtemp(join(root, PREFIX)); // mkdtemp makes it with mode 0700
  const removeNow = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', removeNow);
  const sign = await showLife(path);
  return {
    path,
    removeNow,
    close: async () => {
      await sign.close();
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      process.off('exit', removeNow);
    },
  };
}

/**
 * Removes the private folders under `root` whose processes are gone. A folder without a sign is left: it is
 * being made, or not ours. Those of other users cannot be removed and stay.
 */
export async function sweepPrivateFolders(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  const folders = names.filter((name) => NAME.test(name)).map((name) => join(root, name));
  await Promise.allSettled(
    folders.map(async (folder) => {
      if ((await hasSign(folder)) && !(await isHeld(folder))) {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    }),
  );
}
