/**
 * EXIF (EXIF 2.32, a TIFF block) changed in place, so that all that is not meant stays byte for byte: maker notes
 * point into the block by position.
 */
export const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1');
const ENTRY_BYTES = 12;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const TAGS = {
  imageWidth: 256,
  imageLength: 257,
  orientation: 274,
  xResolution: 282,
  yResolution: 283,
  resolutionUnit: 296,
  exif: 34665,
  gps: 34853,
  pixelXDimension: 40962,
  pixelYDimension: 40963,
} as const;
const INCHES = 2;
const CENTIMETRES = 3;

/** The block without the "Exif\0\0" that some containers put in front. */
export const bareExif = (exif: Buffer): Buffer =>
  exif.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX) ? exif.subarray(EXIF_PREFIX.length) : exif;

/** What an EXIF block says of the picture as it is now; what is absent stays as it is. */
export interface ExifChange {
  readonly size?: { readonly width: number; readonly height: number };
  readonly density?: { readonly x: number; readonly y: number };
  readonly withoutGps?: boolean;
  readonly withoutDensity?: boolean;
}

class Block {
  private readonly big: boolean;

  constructor(readonly tiff: Buffer) {
    this.big = tiff.toString('latin1', 0, 2) === 'MM';
  }

  get first(): number {
    return this.read32(4);
  }

  read16(at: number): number {
    return this.big ? this.tiff.readUInt16BE(at) : this.tiff.readUInt16LE(at);
  }

  read32(at: number): number {
    return this.big ? this.tiff.readUInt32BE(at) : this.tiff.readUInt32LE(at);
  }

  write16(at: number, value: number): void {
    if (this.big) this.tiff.writeUInt16BE(value, at);
    else this.tiff.writeUInt16LE(value, at);
  }

  write32(at: number, value: number): void {
    if (this.big) this.tiff.writeUInt32BE(value, at);
    else this.tiff.writeUInt32LE(value, at);
  }

  /** Where a directory's entries end; undefined where the block ends before. */
  endOf(directory: number): number | undefined {
    if (directory < 8 || directory + 2 > this.tiff.length) return undefined;
    const end = directory + 2 + this.read16(directory) * ENTRY_BYTES;
    return end <= this.tiff.length ? end : undefined;
  }

  find(directory: number, tag: number): number | undefined {
    const end = this.endOf(directory) ?? 0;
    for (let entry = directory + 2; entry < end; entry += ENTRY_BYTES) {
      if (this.read16(entry) === tag) return entry;
    }
    return undefined;
  }

  /** Sets the one number of an entry that is there, whatever its type. */
  set(directory: number, tag: number, value: number): void {
    const entry = this.find(directory, tag);
    if (entry === undefined) return;
    const type = this.read16(entry + 2);
    if (type === RATIONAL) {
      const at = this.read32(entry + 8);
      if (at + 8 > this.tiff.length) return;
      this.write32(at, Math.round(value * 1000));
      this.write32(at + 4, 1000);
      return;
    }
    const fits = type === SHORT && value < 65_536;
    this.write16(entry + 2, fits ? SHORT : LONG);
    this.write32(entry + 4, 1);
    this.write32(entry + 8, 0);
    if (fits) this.write16(entry + 8, value);
    else this.write32(entry + 8, value);
  }

  /** Takes an entry out: those behind it move up. */
  remove(directory: number, tag: number): void {
    const [entry, end] = [this.find(directory, tag), this.endOf(directory)];
    if (entry === undefined || end === undefined) return;
    // With the pointer to the next directory, which follows the entries.
    this.tiff.copyWithin(entry, entry + ENTRY_BYTES, end + 4);
    this.write16(directory, this.read16(directory) - 1);
  }

  /** Zeroes a directory and the values that it points to, so that nothing of them is left in the file. */
  wipe(directory: number): void {
    const end = this.endOf(directory);
    if (end === undefined) return;
    for (let entry = directory + 2; entry < end; entry += ENTRY_BYTES) {
      const bytes = (VALUE_BYTES[this.read16(entry + 2)] ?? 0) * this.read32(entry + 4);
      const at = this.read32(entry + 8);
      if (bytes > 4 && at + bytes <= this.tiff.length) this.tiff.fill(0, at, at + bytes);
    }
    this.tiff.fill(0, directory, end);
  }
}

const VALUE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

/**
 * EXIF of a picture that has been turned upright: orientation 1 in every type it may have, and without the
 * thumbnail, which shows the picture as it was stored. With or without "Exif\0\0" in front; comes back with it.
 */
export function uprightExif(exif: Buffer): Buffer {
  const block = blockOf(exif);
  if (block) {
    block.set(block.first, TAGS.orientation, 1);
    // The pointer behind the first directory leads to the thumbnail's.
    const end = block.endOf(block.first);
    if (end !== undefined && end + 4 <= block.tiff.length) block.write32(end, 0);
  }
  return Buffer.concat([EXIF_PREFIX, block?.tiff ?? bareExif(exif)]);
}

/** The density that EXIF tells, in pixels an inch; undefined where it tells none or no unit. */
export function exifDensity(exif: Buffer): { x: number; y: number } | undefined {
  const block = blockOf(exif);
  const number = (tag: number): number | undefined => {
    const entry = block?.find(block.first, tag);
    if (!block || entry === undefined) return undefined;
    const type = block.read16(entry + 2);
    if (type === SHORT) return block.read16(entry + 8);
    const at = block.read32(entry + 8);
    return type === RATIONAL && at + 8 <= block.tiff.length
      ? block.read32(at) / block.read32(at + 4)
      : undefined;
  };
  const [x, y, unit] = [TAGS.xResolution, TAGS.yResolution, TAGS.resolutionUnit].map(number);
  const perInch = unit === INCHES ? 1 : unit === CENTIMETRES ? 2.54 : 0;
  const usable = x !== undefined && y !== undefined && x * perInch > 0 && y > 0;
  return usable && Number.isFinite(x / y) ? { x: x * perInch, y: y * perInch } : undefined;
}

/** EXIF with the sizes and the density of the enlargement, where it told sizes and density. */
export function changedExif(exif: Buffer, change: ExifChange): Buffer {
  const { size, density, withoutGps = false, withoutDensity = false } = change;
  const block = blockOf(exif);
  if (!block) return exif;
  const { first } = block;
  if (size) {
    block.set(first, TAGS.imageWidth, size.width);
    block.set(first, TAGS.imageLength, size.height);
    const entry = block.find(first, TAGS.exif);
    const inner = entry === undefined ? 0 : block.read32(entry + 8);
    block.set(inner, TAGS.pixelXDimension, size.width);
    block.set(inner, TAGS.pixelYDimension, size.height);
  }
  if (density) {
    block.set(first, TAGS.xResolution, density.x);
    block.set(first, TAGS.yResolution, density.y);
    block.set(first, TAGS.resolutionUnit, INCHES);
  }
  if (withoutDensity) {
    for (const tag of [TAGS.xResolution, TAGS.yResolution, TAGS.resolutionUnit]) block.remove(first, tag);
  }
  if (withoutGps) {
    const entry = block.find(first, TAGS.gps);
    if (entry !== undefined) block.wipe(block.read32(entry + 8));
    block.remove(first, TAGS.gps);
  }
  return Buffer.concat([EXIF_PREFIX, block.tiff]);
}

/** A copy to change; undefined for a block that is too short to be one. */
function blockOf(exif: Buffer): Block | undefined {
  const tiff = Buffer.from(bareExif(exif));
  return tiff.length < 14 ? undefined : new Block(tiff);
}
