import { pictureBytes, type PixelLayout } from './layout';

/**
 * The start of an uncompressed TIFF (TIFF 6.0; above 4 GB BigTIFF) whose pixels lie row by row and
 * interleaved behind it. Pixels are written by position as into a .v file; an encoder reads a TIFF through
 * reads, where a .v file is mapped into memory whole.
 */
export const TIFF_ORIGIN = 4096;

const SHORT = 3;
const LONG = 4;
const LONG8 = 16;
const CLASSIC_MAX_BYTES = 0xffff_ffff;

interface Entry {
  readonly tag: number;
  readonly type: typeof SHORT | typeof LONG | typeof LONG8;
  readonly values: readonly number[];
}

const tiffBytes = (layout: PixelLayout): number => TIFF_ORIGIN + pictureBytes(layout);

/** TIFF_ORIGIN bytes; the pixels start behind them. */
export function encodeTiffHeader(layout: PixelLayout): Buffer {
  const { width, height, channels, depth } = layout;
  const big = tiffBytes(layout) > CLASSIC_MAX_BYTES;
  const place = big ? LONG8 : LONG;
  const entries: Entry[] = [
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: new Array<number>(channels).fill(depth) },
    { tag: 259, type: SHORT, values: [1] }, // no compression
    { tag: 262, type: SHORT, values: [channels < 3 ? 1 : 2] }, // black is zero, or RGB
    { tag: 273, type: place, values: [TIFF_ORIGIN] },
    { tag: 277, type: SHORT, values: [channels] },
    { tag: 278, type: LONG, values: [height] }, // one strip
    { tag: 279, type: place, values: [pictureBytes(layout)] },
    { tag: 284, type: SHORT, values: [1] }, // interleaved
  ];
  if (channels % 2 === 0) entries.push({ tag: 338, type: SHORT, values: [2] }); // straight alpha
  return big ? writeBig(entries) : writeClassic(entries);
}

function writeClassic(entries: readonly Entry[]): Buffer {
  const header = Buffer.alloc(TIFF_ORIGIN);
  header.write('II', 0, 'latin1');
  header.writeUInt16LE(42, 2);
  header.writeUInt32LE(8, 4);
  header.writeUInt16LE(entries.length, 8);
  let free = 10 + 12 * entries.length + 4;
  entries.forEach(({ tag, type, values }, i) => {
    const at = 10 + 12 * i;
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(type, at + 2);
    header.writeUInt32LE(values.length, at + 4);
    const inside = values.length * (type === SHORT ? 2 : 4) <= 4;
    if (!inside) header.writeUInt32LE(free, at + 8);
    const size = writeValues(header, type, values, inside ? at + 8 : free);
    if (!inside) free += size;
  });
  return header;
}

function writeBig(entries: readonly Entry[]): Buffer {
  const header = Buffer.alloc(TIFF_ORIGIN);
  header.write('II', 0, 'latin1');
  header.writeUInt16LE(43, 2);
  header.writeUInt16LE(8, 4);
  header.writeBigUInt64LE(16n, 8);
  header.writeBigUInt64LE(BigInt(entries.length), 16);
  entries.forEach(({ tag, type, values }, i) => {
    const at = 24 + 20 * i;
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(type, at + 2);
    header.writeBigUInt64LE(BigInt(values.length), at + 4);
    // Eight bytes hold every value here: at most four SHORTs.
    writeValues(header, type, values, at + 12);
  });
  return header;
}

function writeValues(into: Buffer, type: Entry['type'], values: readonly number[], at: number): number {
  let next = at;
  for (const value of values) {
    if (type === SHORT) next = into.writeUInt16LE(value, next);
    else if (type === LONG) next = into.writeUInt32LE(value, next);
    else next = into.writeBigUInt64LE(BigInt(value), next);
  }
  return next - at;
}
