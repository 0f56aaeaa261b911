import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Makes a folder and those above it where they are not there. Unlike Node's own recursive `mkdir` it ends where
 * the system says that a folder is missing whose parent is there, as under /proc: that one tries for ever.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || (await isFolder(parent))) throw error;
    await makeFolders(parent);
    await mkdir(path).catch(async (again: unknown) => {
      if (!(await isFolder(path))) throw again;
    });
  }
}

/** As `makeFolders`, for a moment in which nothing can be waited for. */
export function makeFoldersNow(path: string): void {
  if (existsSync(path)) return;
  makeFoldersNow(dirname(path));
  mkdirSync(path);
}
