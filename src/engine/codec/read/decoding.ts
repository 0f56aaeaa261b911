import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { unreadable } from './decodeFaults';
import { diskFull, isDiskFull, isFileTooBig, isOutOfMemory, outOfMemory, unwritable } from '../fileFaults';
import { flawsOf, NO_END_MARKER, withEndMarker } from './flaws';
import { expectStillThere } from './inputFile';
import { decoderOf, type Source } from './source';
import { pictureBytes, rowBytes } from '../scratch/layout';
import { decodeHeader, VIPS_ORIGIN } from '../scratch/vipsFile';
import { withTurn, withWarnings } from '../vips';

/** How often the growing file is looked at while somebody waits for rows: soon at first, then less. */
const FIRST_POLL_MS = 3;
const LAST_POLL_MS = 24;

interface Waiter {
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A source being decoded into a .v file beside whoever reads from it: libvips writes rows in order, so the
 * file's size tells how far it has come.
 */
export class Decoding {
  /** Resolves when decoding has ended, well or not, and nothing writes to the file any more. */
  readonly ended: Promise<void>;
  private readonly stopped = new AbortController();
  private readonly waiters = new Set<Waiter>();
  private writtenBytes = 0;
  private whole = false;
  private fault: unknown;
  private watching = false;
  private current: string;
  private found: readonly string[] = [];
  private file: Promise<FileHandle> | undefined;

  constructor(
    private readonly source: Source,
    private readonly folder: string,
  ) {
    this.current = join(folder, 'photo.v');
    this.ended = this.run();
  }

  /** The file that holds what is decoded. */
  get path(): string {
    return this.current;
  }

  /** Sentences about damage that the decoder went over; complete when `waitForEnd` has resolved. */
  get flaws(): readonly string[] {
    return this.found;
  }

  get isWhole(): boolean {
    return this.whole;
  }

  /** 0 to 1, as last seen. */
  fraction(): number {
    if (this.whole) return 1;
    const { layout } = this.source;
    return Math.max(0, this.writtenBytes - VIPS_ORIGIN) / pictureBytes(layout);
  }

  /** Resolves when the first `rows` rows are in the file; rejects with the decoder's fault. */
  waitForRows(rows: number, signal?: AbortSignal): Promise<void> {
    return this.waitForBytes(VIPS_ORIGIN + rows * rowBytes(this.source.layout), signal);
  }

  private async waitForBytes(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.fault !== undefined) throw this.fault as Error;
    if (this.whole || this.writtenBytes >= bytes) return;
    let leave: (() => void) | undefined;
    let waiter: Waiter | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { bytes, resolve, reject };
        leave = () => reject(signal?.reason as Error);
        signal?.addEventListener('abort', leave, { once: true });
        this.waiters.add(waiter);
        if (!this.watching) void this.watch();
      });
    } finally {
      if (leave) signal?.removeEventListener('abort', leave);
      if (waiter) this.waiters.delete(waiter);
    }
  }

  waitForAll(signal?: AbortSignal): Promise<void> {
    return this.waitForRows(this.source.layout.height, signal);
  }

  /** Resolves when everything is decoded and checked; rejects with the decoder's fault. */
  waitForEnd(signal?: AbortSignal): Promise<void> {
    return this.waitForBytes(Infinity, signal);
  }

  /** The file, open for reading; call after `waitForRows`. */
  handle(): Promise<FileHandle> {
    return (this.file ??= open(this.path, 'r'));
  }

  /** Pending and later waits fail with `reason`; the decoder itself cannot be interrupted once it runs. */
  async stop(reason: unknown): Promise<void> {
    this.fault ??= reason;
    this.stopped.abort(reason);
    this.settle();
    await (await this.file?.catch(() => undefined))?.close();
  }

  private async run(): Promise<void> {
    try {
      this.found = await withTurn(() => this.decode(), this.stopped.signal);
      await this.expectLayout();
      this.whole = true;
    } catch (error) {
      this.fault ??= await this.explain(error).catch((gone: unknown) => gone);
    }
    this.settle();
  }

  private async decode(): Promise<readonly string[]> {
    try {
      const { warnings } = await withWarnings(() => decoderOf(this.source).toFile(this.current));
      return await flawsOf(this.source, warnings);
    } catch (error) {
      const mended = await withEndMarker(this.source, error, this.folder);
      if (!mended) throw error;
      // Into another file: those who read have the first one open.
      const path = join(this.folder, 'photo-mended.v');
      await decoderOf(mended, 'warning')
        .toFile(path)
        .catch(() => {
          throw error;
        });
      await this.moveTo(path);
      return [NO_END_MARKER];
    }
  }

  private async moveTo(path: string): Promise<void> {
    const before = this.file;
    this.current = path;
    this.file = undefined;
    this.writtenBytes = 0;
    await (await before?.catch(() => undefined))?.close();
  }

  private async explain(error: unknown): Promise<unknown> {
    if (error instanceof FaultError) return error;
    const { name, path, layout } = this.source;
    if (isDiskFull(error)) return diskFull(this.folder, pictureBytes(layout));
    if (isFileTooBig(error)) return unwritable(this.current, error);
    if (isOutOfMemory(error)) return outOfMemory(name, error);
    await expectStillThere(path, name);
    await this.poll();
    const read = Math.floor((this.writtenBytes - VIPS_ORIGIN) / rowBytes(layout));
    return unreadable(name, error, { read, of: layout.height });
  }

  /** The decoder is believed about the layout only as far as its own file says the same. */
  private async expectLayout(): Promise<void> {
    const { layout, name } = this.source;
    const file = await open(this.path, 'r');
    const header = Buffer.alloc(VIPS_ORIGIN);
    await file.read(header, 0, VIPS_ORIGIN, 0).finally(() => file.close());
    const got = decodeHeader(header);
    const keys = ['width', 'height', 'channels', 'depth'] as const;
    if (got && keys.every((key) => got[key] === layout[key])) return;
    throw new FaultError(
      'unreadable-image',
      `Expected ${layout.width} x ${layout.height} pixels of ${layout.channels} channels in ${name}, as its header says, found others; save it anew with another program.`,
      { file: name, detail: JSON.stringify(got) },
    );
  }

  private async watch(): Promise<void> {
    this.watching = true;
    for (let pause = FIRST_POLL_MS; this.waiters.size > 0; pause = Math.min(LAST_POLL_MS, pause * 1.2)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await this.poll();
      this.settle();
    }
    this.watching = false;
  }

  private async poll(): Promise<void> {
    const size = await stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
    this.writtenBytes = Math.max(
      this.writtenBytes,
      Math.min(size, VIPS_ORIGIN + pictureBytes(this.source.layout)),
    );
  }

  private settle(): void {
    for (const waiter of this.waiters) {
      if (this.fault !== undefined) waiter.reject(this.fault);
      else if (this.whole || this.writtenBytes >= waiter.bytes) waiter.resolve();
    }
  }
}
