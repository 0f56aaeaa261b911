import { open, type FileHandle } from 'node:fs/promises';
import type { ReadAt } from '../containers/byteSource';
import { directoryPlace } from '../containers/tiffFields';
import type { PhotoMetadata } from './metadata';
import { withIptc } from './photoshop';
import { readDirectory, Tail, type Entry, type ReadBytes } from './tiffDirectory';

/**
 * EXIF in TIFF files, which libvips neither reads nor writes there: its directories stand among the file's
 * own, and the tags about the photo in the first.
 */
const PREFIX = Buffer.from('Exif\0\0', 'latin1');
/** First-directory tags that say something about the photo, not about how its pixels are stored. */
const PHOTO_TAGS = new Set([
  ...[269, 270, 271, 272, 305, 306, 315, 316, 33432, 34665, 34853],
  // Rating, RatingPercent, and what Windows calls title, comment, author, keywords and subject.
  ...[18246, 18249, 40091, 40092, 40093, 40094, 40095],
]);

/** A BigTIFF's version, where a TIFF has 42. */
const BIG_TIFF = 43;

const aboutPhoto = ({ tag }: Entry): boolean => PHOTO_TAGS.has(tag);
const isBigEndian = (start: Buffer): boolean => start.toString('latin1', 0, 2) === 'MM';
const firstDirectory = (start: Buffer): number =>
  isBigEndian(start) ? start.readUInt32BE(4) : start.readUInt32LE(4);

/** The EXIF of a TIFF's page (from 0) as a block of its own ("Exif\0\0" in front); undefined where there is none, or in a BigTIFF. */
export async function readTiffExif(read: ReadAt, page: number): Promise<Buffer | undefined> {
  const start = await read(0, 8);
  if (start.length < 8 || [start.readUInt16LE(2), start.readUInt16BE(2)].includes(BIG_TIFF)) return undefined;
  const place = await directoryPlace(read, page);
  if (place === undefined) return undefined;
  const entries = (await readDirectory(read, place, isBigEndian(start))).filter(aboutPhoto);
  if (entries.length === 0) return undefined;
  const tail = new Tail(8, false);
  const at = tail.appendDirectory(entries.map((entry) => tail.encode(entry)));
  const header = Buffer.from('II*\0\0\0\0\0', 'latin1');
  header.writeUInt32LE(at, 4);
  return Buffer.concat([PREFIX, header, tail.bytes]);
}

async function readAt(file: FileHandle, bytes: number, position: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
  if (bytesRead < bytes) throw new RangeError(`expected ${bytes} bytes at ${position} of a TIFF`);
  return buffer;
}

const TAGS = { xmp: 700, iptc: 33723, photoshop: 34377, icc: 34675, x: 282, y: 283, unit: 296 } as const;
const [BYTE, SHORT, RATIONAL, UNDEFINED] = [1, 3, 5, 7];
const [NO_UNIT, INCHES] = [1, 2];

const blob = (tag: number, type: number, data: Buffer | undefined): Entry[] =>
  data ? [{ tag, type, count: data.length, data }] : [];

function rational(tag: number, value: number): Entry {
  const data = Buffer.alloc(8);
  data.writeUInt32LE(Math.round(value * 1000), 0);
  data.writeUInt32LE(1000, 4);
  return { tag, type: RATIONAL, count: 1, data };
}

/** Density in pixels an inch, or without a unit the shape of a pixel. */
function resolution({ density, aspect = 1 }: PhotoMetadata): Entry[] {
  const unit = Buffer.alloc(2);
  unit.writeUInt16LE(density === null ? NO_UNIT : INCHES);
  const x = density ?? 1;
  return [
    rational(TAGS.x, x),
    rational(TAGS.y, x * aspect),
    { tag: TAGS.unit, type: SHORT, count: 1, data: unit },
  ];
}

async function exifEntries(exif: Buffer | undefined): Promise<Entry[]> {
  const block = exif?.subarray(PREFIX.length);
  if (!block || block.length < 14) return [];
  const read: ReadBytes = (at, bytes) => block.subarray(at, at + bytes);
  return (await readDirectory(read, firstDirectory(block), isBigEndian(block))).filter(aboutPhoto);
}

/**
 * Puts what a photo carries into a TIFF or BigTIFF as libvips wrote it (little-endian), in place: its first
 * directory is written again at the end of the file. Gives sentences about what has no place there.
 */
export async function describeTiff(path: string, metadata: PhotoMetadata): Promise<string[]> {
  const { exif, xmp, iptc, photoshop, icc, texts = [] } = metadata;
  const added: Entry[] = [
    ...(await exifEntries(exif)),
    ...blob(TAGS.xmp, BYTE, xmp),
    ...blob(TAGS.iptc, UNDEFINED, iptc),
    ...blob(TAGS.photoshop, BYTE, withIptc(photoshop, undefined)),
    ...blob(TAGS.icc, UNDEFINED, icc),
    ...resolution(metadata),
  ];
  await addEntries(path, added);
  return texts.map(({ keyword }) => `The text "${keyword}" has no place in a TIFF and was left out.`);
}

/** Adds entries to the first directory of a TIFF; they go before those that are there. */
async function addEntries(path: string, added: readonly Entry[]): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const header = await readAt(file, 16, 0);
    const big = header.readUInt16LE(2) === BIG_TIFF;
    const [entryBytes, countBytes, offsetBytes] = big ? [20, 8, 8] : [12, 2, 4];
    const offset = (from: Buffer, at: number): number =>
      big ? Number(from.readBigUInt64LE(at)) : from.readUInt32LE(at);
    const first = offset(header, offsetBytes);
    const counted = await readAt(file, countBytes, first);
    const count = big ? Number(counted.readBigUInt64LE()) : counted.readUInt16LE();
    const body = await readAt(file, count * entryBytes + offsetBytes, first + countBytes);
    const replaced = new Set(added.map(({ tag }) => tag));
    const own = Array.from({ length: count }, (_, i) =>
      body.subarray(i * entryBytes, (i + 1) * entryBytes),
    ).filter((entry) => !replaced.has(entry.readUInt16LE(0)));
    const { size } = await file.stat();
    const tail = new Tail(size, big);
    const extra = added.map((entry) => tail.encode(entry));
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
