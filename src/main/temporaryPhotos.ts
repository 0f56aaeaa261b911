import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app } from 'electron';

/** Files behind photos that have none of their own, such as pasted pictures; gone with the app. */
export class TemporaryPhotos {
  private folder: string | undefined;

  /** Writes a picture into a folder that only this user can read; its path. */
  async write(bytes: Uint8Array): Promise<string> {
    this.folder ??= mkdtempSync(join(app.getPath('temp'), 'enlarger-'));
    const path = join(this.folder, randomUUID());
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
    return path;
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true, maxRetries: 3 });
  }

  /** At the app's end: deletes the folder with all that is left. */
  removeAll(): void {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    this.folder = undefined;
  }
}
