import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSign, HOLDER, isHeld, showLife } from './lifeSign';

/** A folder of this process alone (mode 700): gone when closed, at the process's end, or at a later sweep. */
export interface PrivateFolder {
  readonly path: string;
  close(): Promise<void>;
  /** The same at once, for a process that is about to end. */
  removeNow(): void;
}

const PREFIX = 'enlarger-';
const NAME = /^enlarger-\w{6}$/;
/** Of folders that a later process of the same kind takes over where theirs died. */
const INHERITED = 'enlarger-host-';
const INHERITED_NAME = /^enlarger-host-\w{6}$/;
/** So long they wait for it. */
const INHERITED_MS = 7 * 24 * 60 * 60_000;

/** Makes a private folder in the folder `root`; `inherited`: see `inheritFolders`. Throws the system's error. */
export async function makePrivateFolder(root: string, inherited = false): Promise<PrivateFolder> {
  const path = await mkdtemp(join(root, inherited ? INHERITED : PREFIX)); // mkdtemp makes it with mode 0700
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

const isDead = async (folder: string): Promise<boolean> => (await hasSign(folder)) && !(await isHeld(folder));

/**
 * Removes the private folders under `root` whose processes are gone; one that is to be inherited after a week alone. A
 * folder without a sign is left: it is being made, or not ours. Those of other users cannot be removed and stay.
 */
export async function sweepPrivateFolders(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  await Promise.allSettled(
    names.map(async (name) => {
      const folder = join(root, name);
      const isInherited = INHERITED_NAME.test(name);
      if (!(isInherited || NAME.test(name)) || !(await isDead(folder))) return;
      if (isInherited && (await ageOf(folder)) < INHERITED_MS) return;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }),
  );
}

/**
 * Moves the `inherited` folders under `root` whose processes died into the folder `into`, each whole and to one heir
 * alone. Answers with their places there. Never rejects: what cannot be moved is another's.
 */
export async function inheritFolders(root: string, into: string): Promise<string[]> {
  const places: string[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    if (!INHERITED_NAME.test(name) || !(await isDead(folder))) continue;
    const place = join(into, name);
    await rename(folder, place).then(
      () => places.push(place),
      () => undefined,
    );
  }
  return places;
}

/** Milliseconds since its process last showed that it lives. */
async function ageOf(folder: string): Promise<number> {
  const { mtimeMs } = await stat(join(folder, HOLDER)).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs;
}
