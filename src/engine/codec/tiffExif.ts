import { open, type FileHandle } from 'node:fs/promises';

/**
 * Puts EXIF into a TIFF that libvips wrote, which libvips itself does not: the directories of the EXIF block
 * are written behind the file, and a new first directory that points to them. Layout as in TIFF 6.0 section
 * 2, BigTIFF (libtiff.gitlab.io/libtiff/specification/bigtiff.html) and EXIF 2.32 section 4.6.
 */
interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The values, little-endian. */
  readonly data: Buffer;
  /** The directory that the value points to. */
  readonly directory?: readonly Entry[];
}

const PREFIX_BYTES = 6;
const LONG = 4;
const LONG8 = 16;
/** Bytes of a value and of the unit whose order counts, by TIFF type 1 to 13. */
const VALUE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const UNIT_BYTES = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4];
/** EXIF's own directory, GPS, interoperability. */
const POINTER_TAGS = new Set([34665, 34853, 40965]);
/** First-directory tags that say something about the photo, not about how its pixels are stored. */
const PHOTO_TAGS = new Set([269, 270, 271, 272, 305, 306, 315, 316, 33432, 34665, 34853]);
/** Deeper than any EXIF goes: a damaged one may point in circles. */
const DEPTH_MAX = 3;

function readDirectory(exif: Buffer, at: number, bigEndian: boolean, depth = 0): Entry[] {
  const read16 = (p: number): number => (bigEndian ? exif.readUInt16BE(p) : exif.readUInt16LE(p));
  const read32 = (p: number): number => (bigEndian ? exif.readUInt32BE(p) : exif.readUInt32LE(p));
  const entries: Entry[] = [];
  if (depth > DEPTH_MAX || at + 2 > exif.length) return entries;
  const end = Math.min(at + 2 + 12 * read16(at), exif.length - 11);
  for (let p = at + 2; p < end; p += 12) {
    const [tag, type, count] = [read16(p), read16(p + 2), read32(p + 4)];
    const bytes = (VALUE_BYTES[type] ?? 0) * count;
    const from = bytes <= 4 ? p + 8 : read32(p + 8);
    if (bytes === 0 || from + bytes > exif.length) continue;
    if (POINTER_TAGS.has(tag)) {
      const directory = readDirectory(exif, read32(p + 8), bigEndian, depth + 1);
      if (directory.length > 0) entries.push({ tag, type: LONG, count: 1, data: Buffer.alloc(4), directory });
      continue;
    }
    const data = Buffer.from(exif.subarray(from, from + bytes));
    const unit = UNIT_BYTES[type]!;
    if (bigEndian && unit > 1) for (let i = 0; i < bytes; i += unit) data.subarray(i, i + unit).reverse();
    entries.push({ tag, type, count, data });
  }
  return entries;
}

/** What is written behind the file, with the positions that it gets there. */
class Tail {
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

async function readAt(file: FileHandle, bytes: number, position: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
  if (bytesRead < bytes) throw new RangeError(`expected ${bytes} bytes at ${position} of a TIFF`);
  return buffer;
}

/** `exif` with "Exif\0\0" in front; `path`: a little-endian TIFF or BigTIFF, changed in place. */
export async function addExif(path: string, exif: Buffer): Promise<void> {
  const block = exif.subarray(PREFIX_BYTES);
  if (block.length < 14) return;
  const bigEndian = block.toString('latin1', 0, 2) === 'MM';
  const start = bigEndian ? block.readUInt32BE(4) : block.readUInt32LE(4);
  const added = readDirectory(block, start, bigEndian).filter(({ tag }) => PHOTO_TAGS.has(tag));
  const file = await open(path, 'r+');
  try {
    const header = await readAt(file, 16, 0);
    const big = header.readUInt16LE(2) === 43;
    const [entryBytes, countBytes, offsetBytes] = big ? [20, 8, 8] : [12, 2, 4];
    const offset = (from: Buffer, at: number): number =>
      big ? Number(from.readBigUInt64LE(at)) : from.readUInt32LE(at);
    const first = offset(header, offsetBytes);
    const counted = await readAt(file, countBytes, first);
    const count = big ? Number(counted.readBigUInt64LE()) : counted.readUInt16LE();
    const body = await readAt(file, count * entryBytes + offsetBytes, first + countBytes);
    const own = Array.from({ length: count }, (_, i) => body.subarray(i * entryBytes, (i + 1) * entryBytes));
    const known = new Set(own.map((entry) => entry.readUInt16LE(0)));
    const { size } = await file.stat();
    const tail = new Tail(size, big);
    const extra = added.filter(({ tag }) => !known.has(tag)).map((entry) => tail.encode(entry));
    const at = tail.appendDirectory([...own, ...extra], offset(body, count * entryBytes));
    await file.write(tail.bytes, 0, undefined, size);
    // Last, so that the file is a whole TIFF at every moment.
    const pointer = Buffer.alloc(offsetBytes);
    tail.writeOffset(pointer, at);
    await file.write(pointer, 0, undefined, offsetBytes);
  } finally {
    await file.close();
  }
}
