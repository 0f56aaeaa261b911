import { pictureBytes, type PixelLayout } from './layout';

/**
 * The start of an uncompressed colour TIFF (TIFF 6.0) whose pixels lie row by row and
 * interleaved behind it. Pixels are written by position as into a .v file; an encoder reads a TIFF through
 * reads, where a .v file is mapped into memory whole.
 */
export const TIFF_ORIGIN = 4096;

const SHORT = 3;
const LONG = 4;

interface Entry {
  readonly tag: number;
  readonly type: typeof SHORT | typeof LONG;
  readonly values: readonly number[];
}

/** TIFF_ORIGIN bytes; the pixels, up to 4 GiB of them, start behind. */
export function encodeTiffHeader(layout: PixelLayout): Buffer {
  const { width, height, channels, depth } = layout;
  const entries: Entry[] = [
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: new Array<number>(channels).fill(depth) },
    { tag: 259, type: SHORT, values: [1] }, // no compression
    { tag: 262, type: SHORT, values: [2] }, // RGB
    { tag: 273, type: LONG, values: [TIFF_ORIGIN] },
    { tag: 277, type: SHORT, values: [channels] },
    { tag: 278, type: LONG, values: [height] }, // one strip
    { tag: 279, type: LONG, values: [pictureBytes(layout)] },
    { tag: 284, type: SHORT, values: [1] }, // interleaved
  ];
  if (channels === 4) entries.push({ tag: 338, type: SHORT, values: [2] }); // straight alpha
  return writeEntries(entries);
}

function writeEntries(entries: readonly Entry[]): Buffer {
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

function writeValues(into: Buffer, type: Entry['type'], values: readonly number[], at: number): number {
  let next = at;
  for (const value of values) {
    next = type === SHORT ? into.writeUInt16LE(value, next) : into.writeUInt32LE(value, next);
  }
  return next - at;
}
