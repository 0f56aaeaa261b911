import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Rect } from '../../../shared/geometry';
import { containerOf, type Container } from './containers';
import { diskFull, isDiskFull, isFileTooBig, unwritable } from '../fileFaults';
import { offsetOf, type PixelLayout, type Samples } from './layout';
import { readPixels } from '../read/readPixels';

function explained(error: unknown, folder: string, neededBytes: number): unknown {
  if (isDiskFull(error)) return diskFull(folder, neededBytes);
  return isFileTooBig(error) ? unwritable(join(folder, 'temporary pixels'), error) : error;
}

/** Pixels of a layout on disk, in full length from the start (sparse where the disk can); full disks as faults. */
export class ScratchFile {
  private constructor(
    readonly path: string,
    readonly layout: PixelLayout,
    readonly container: Container,
    private readonly folder: string,
    private readonly file: FileHandle,
  ) {}

  static async create(layout: PixelLayout, folder: string): Promise<ScratchFile> {
    const container = containerOf(layout);
    const path = join(folder, `scratch-${randomUUID()}`);
    const created = new ScratchFile(path, layout, container, folder, await open(path, 'wx+', 0o600));
    try {
      await created.write(container.header, 0);
      await created.file.truncate(container.bytes);
      return created;
    } catch (error) {
      await created.remove();
      throw explained(error, folder, container.bytes);
    }
  }

  /** A file that `create` made, of a process that died; undefined where it is not there in full. */
  static async reopen(layout: PixelLayout, folder: string, name: string): Promise<ScratchFile | undefined> {
    const container = containerOf(layout);
    const path = join(folder, basename(name));
    const file = await open(path, 'r+').catch(() => undefined);
    if (!file) return undefined;
    if ((await file.stat()).size < container.bytes) {
      await file.close();
      return undefined;
    }
    return new ScratchFile(path, layout, container, folder, file);
  }

  sync(): Promise<void> {
    return this.file.datasync();
  }

  read(at: Rect): Promise<Samples> {
    return readPixels({ file: this.file, layout: this.layout, origin: this.container.origin }, at);
  }

  /** Samples that follow each other in the file: whole rows, or a part of one. */
  writeRun(at: Pick<Rect, 'x' | 'y'>, bytes: Uint8Array): Promise<void> {
    return this.write(bytes, this.container.origin + offsetOf(this.layout, at));
  }

  /** Replaces what stands before and behind the pixels. */
  async writeAround(header: Buffer, trailer: Buffer): Promise<void> {
    await this.file.truncate(this.container.bytes);
    await this.write(trailer, this.container.bytes);
    await this.write(header, 0);
  }

  /** An encoder that was left running over a TIFF fails at its next read, and so ends. */
  async remove(): Promise<void> {
    if (this.container.format === 'tiff') await this.file.truncate(0);
    await this.file.close();
    await rm(this.path, { force: true, maxRetries: 3 });
  }

  private async write(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw explained(error, this.folder, this.container.bytes);
    }
  }
}
