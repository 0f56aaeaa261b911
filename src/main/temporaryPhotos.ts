import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Files behind photos that have none of their own, such as pasted pictures, in a folder of the app that only this
 * user can read. They stay as long as the session names them, across starts of the app.
 */
export class TemporaryPhotos {
  constructor(private readonly folder: string) {}

  /** Writes a picture; its path. */
  async write(bytes: Uint8Array): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, randomUUID());
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
    return path;
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true, maxRetries: 3 });
  }

  /** Deletes everything but `named`: what an app that died left half-written or forgot to delete. */
  async keepOnly(named: readonly string[]): Promise<void> {
    const kept = new Set(named);
    const names = await readdir(this.folder).catch(() => []);
    const paths = names.map((name) => join(this.folder, name));
    await Promise.all(paths.filter((path) => !kept.has(path)).map((path) => this.remove(path)));
  }
}
