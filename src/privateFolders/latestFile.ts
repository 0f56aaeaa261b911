import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface LatestFileParts {
  readonly path: string;
  /** What the file should hold now. */
  readonly text: () => string;
  /** It could not be written, and stays as it was. */
  readonly failed: (error: unknown) => void;
}

/** A file of which the latest text alone counts: for this user alone, one write at a time, each whole or not at all. */
export class LatestFile {
  private isChanged = false;
  private writing: Promise<boolean> | undefined;

  constructor(private readonly parts: LatestFileParts) {}

  /** Whether the text of now, or a later one, is on the disk. Never rejects. */
  save(): Promise<boolean> {
    this.isChanged = true;
    this.writing ??= this.drain().finally(() => (this.writing = undefined));
    return this.writing;
  }

  /** Whether the disk has not the latest text yet. What waits is not written any more: the caller does, or nobody. */
  takeOver(): boolean {
    const isBehind = this.isChanged || this.writing !== undefined;
    this.isChanged = false;
    return isBehind;
  }

  /** Resolves once nothing is being written. */
  async rest(): Promise<void> {
    await this.writing;
  }

  private async drain(): Promise<boolean> {
    const { path, text, failed } = this.parts;
    let isWritten = true;
    while (this.isChanged) {
      this.isChanged = false;
      isWritten = true;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(`${path}.new`, text(), { mode: 0o600 });
        await rename(`${path}.new`, path);
      } catch (error) {
        isWritten = false;
        failed(error);
      }
    }
    return isWritten;
  }
}
