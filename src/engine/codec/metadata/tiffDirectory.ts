/**
 * TIFF directories as EXIF uses them, read into memory and written again elsewhere. Layout as in TIFF 6.0
 * section 2, BigTIFF (libtiff.gitlab.io/libtiff/specification/bigtiff.html) and EXIF 2.32 section 4.6.
 */
export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The values, little-endian. */
  readonly data: Buffer;
  /** The directory that the value points to. */
  readonly directory?: readonly Entry[];
}

const LONG = 4;
const LONG8 = 16;
/** Bytes of a value and of the unit whose order counts, by TIFF type 1 to 13. */
const VALUE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const UNIT_BYTES = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4];
/** EXIF's own directory, GPS, interoperability. */
const POINTER_TAGS = new Set([34665, 34853, 40965]);
/** Longer values are left out (maker notes, mostly): a JPEG has room for 64 kB of EXIF in all. */
const VALUE_BYTES_MAX = 32 << 10;
/** Deeper than any EXIF goes. */
const DEPTH_MAX = 3;
/** More than any camera writes, in all directories together. */
const ENTRIES_MAX = 1024;
const BYTES_MAX = 1 << 20;

/** Bytes of a file or block from a position on; fewer where it ends. A file is read beside the event loop. */
export type ReadBytes = (at: number, bytes: number) => Buffer | Promise<Buffer>;

/**
 * The directory at a position of a classic TIFF or an EXIF block, and those that it points to. Files of
 * strangers point in circles, or at one directory from hundreds of entries: each position is read once, and
 * entries, values and depth have bounds, so that this ends within milliseconds whatever the file says. What is
 * beyond a bound is left out.
 */
export function readDirectory(read: ReadBytes, at: number, bigEndian: boolean): Promise<Entry[]> {
  return new DirectoryReader(read, bigEndian).directory(at, 0);
}

class DirectoryReader {
  private readonly seen = new Set<number>();
  private entriesLeft = ENTRIES_MAX;
  private bytesLeft = BYTES_MAX;

  constructor(
    private readonly read: ReadBytes,
    private readonly bigEndian: boolean,
  ) {}

  async directory(at: number, depth: number): Promise<Entry[]> {
    if (depth > DEPTH_MAX || this.seen.has(at)) return [];
    this.seen.add(at);
    const counted = await this.read(at, 2);
    if (counted.length < 2) return [];
    const body = await this.read(at + 2, 12 * Math.min(this.read16(counted, 0), this.entriesLeft));
    const entries: Entry[] = [];
    for (let p = 0; p + 12 <= body.length && this.entriesLeft > 0; p += 12) {
      this.entriesLeft -= 1;
      const entry = await this.entry(body.subarray(p, p + 12), depth);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  private async entry(field: Buffer, depth: number): Promise<Entry | undefined> {
    const [tag, type, count] = [this.read16(field, 0), this.read16(field, 2), this.read32(field, 4)];
    const bytes = (VALUE_BYTES[type] ?? 0) * count;
    if (bytes === 0 || bytes > VALUE_BYTES_MAX) return undefined;
    if (POINTER_TAGS.has(tag)) {
      const directory = await this.directory(this.read32(field, 8), depth + 1);
      return directory.length === 0
        ? undefined
        : { tag, type: LONG, count: 1, data: Buffer.alloc(4), directory };
    }
    if (bytes > this.bytesLeft) return undefined;
    this.bytesLeft -= bytes;
    const data = Buffer.from(
      bytes <= 4 ? field.subarray(8, 8 + bytes) : await this.read(this.read32(field, 8), bytes),
    );
    if (data.length < bytes) return undefined;
    const unit = UNIT_BYTES[type]!;
    if (this.bigEndian && unit > 1) {
      for (let i = 0; i < bytes; i += unit) data.subarray(i, i + unit).reverse();
    }
    return { tag, type, count, data };
  }

  private read16(from: Buffer, at: number): number {
    return this.bigEndian ? from.readUInt16BE(at) : from.readUInt16LE(at);
  }

  private read32(from: Buffer, at: number): number {
    return this.bigEndian ? from.readUInt32BE(at) : from.readUInt32LE(at);
  }
}

/** Directories being written from a position of a file on, little-endian. */
export class Tail {
  private readonly chunks: Buffer[] = [];

  constructor(
    private end: number,
    private readonly big: boolean,
  ) {}

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  append(data: Buffer): number {
    if (this.end % 2 === 1) this.push(Buffer.alloc(1));
    const at = this.end;
    this.push(data);
    return at;
  }

  /** Directory entries as they stand in the file, values appended where they do not fit inside. */
  encode({ tag, type, count, data, directory }: Entry): Buffer {
    const inside = this.big ? 8 : 4;
    const entry = Buffer.alloc(this.big ? 20 : 12);
    entry.writeUInt16LE(tag, 0);
    entry.writeUInt16LE(directory && this.big ? LONG8 : type, 2);
    if (this.big) entry.writeBigUInt64LE(BigInt(count), 4);
    else entry.writeUInt32LE(count, 4);
    const value = entry.subarray(entry.length - inside);
    if (directory) this.writeOffset(value, this.appendDirectory(directory.map((sub) => this.encode(sub))));
    else if (data.length <= inside) data.copy(value);
    else this.writeOffset(value, this.append(data));
    return entry;
  }

  /** `entries` encoded, in any order; `next`: the following directory's position. */
  appendDirectory(entries: readonly Buffer[], next = 0): number {
    const count = Buffer.alloc(this.big ? 8 : 2);
    if (this.big) count.writeBigUInt64LE(BigInt(entries.length));
    else count.writeUInt16LE(entries.length);
    const following = Buffer.alloc(this.big ? 8 : 4);
    this.writeOffset(following, next);
    const sorted = [...entries].sort((a, b) => a.readUInt16LE(0) - b.readUInt16LE(0));
    return this.append(Buffer.concat([count, ...sorted, following]));
  }

  writeOffset(into: Buffer, offset: number): void {
    if (this.big) into.writeBigUInt64LE(BigInt(offset));
    else into.writeUInt32LE(offset);
  }

  private push(data: Buffer): void {
    this.chunks.push(data);
    this.end += data.length;
  }
}
