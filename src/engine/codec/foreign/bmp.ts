import { expectSize, NotRead, type Decoded } from './decoded';

/**
 * Windows bitmaps (BITMAPCOREHEADER to BITMAPV5HEADER): palettes of 1, 4 and 8 bits, 16, 24 and 32 bits with or
 * without masks. Rows lie from the bottom up, unless the height is negative, each padded to four bytes.
 */

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const COMPRESSIONS = { none: 0, masks: 3, masksWithAlpha: 6 } as const;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly fromTop: boolean;
  readonly bits: number;
  readonly pixelsAt: number;
  readonly paletteAt: number;
  readonly paletteEntryBytes: number;
  readonly masks: readonly number[];
}

const USUAL_MASKS: Readonly<Record<number, readonly number[]>> = {
  16: [0x7c00, 0x03e0, 0x001f],
  24: [0xff0000, 0xff00, 0xff],
  32: [0xff0000, 0xff00, 0xff],
};

function readHeader(file: Buffer): Header {
  const pixelsAt = file.readUInt32LE(10);
  const size = file.readUInt32LE(14);
  const isCore = size === CORE_HEADER_BYTES;
  const [width, rawHeight] = isCore
    ? [file.readUInt16LE(18), file.readUInt16LE(20)]
    : [file.readInt32LE(18), file.readInt32LE(22)];
  const bits = file.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore ? COMPRESSIONS.none : file.readUInt32LE(30);
  if (compression === 1 || compression === 2) throw new NotRead('BMP with run-length coding');
  const isMasked = compression === COMPRESSIONS.masks || compression === COMPRESSIONS.masksWithAlpha;
  if (compression !== COMPRESSIONS.none && !isMasked) {
    throw new NotRead(`BMP with a picture of another format inside (compression ${compression})`);
  }
  const masks = isMasked
    ? [0, 4, 8].map((at) => file.readUInt32LE(54 + at))
    : (USUAL_MASKS[bits] ?? [0, 0, 0]);
  // Headers of 56 bytes and more have a mask of opacity; shorter ones only by their compression.
  const alpha = isMasked && (size >= 56 || compression === COMPRESSIONS.masksWithAlpha);
  const masksBehind = isMasked && size === 40 ? (alpha ? 16 : 12) : 0;
  return {
    width,
    height: Math.abs(rawHeight),
    fromTop: rawHeight < 0,
    bits,
    pixelsAt,
    paletteAt: FILE_HEADER_BYTES + size + masksBehind,
    paletteEntryBytes: isCore ? 3 : 4,
    masks: [...masks, alpha ? file.readUInt32LE(66) : 0],
  };
}

/** How a mask's bits become 0 to 255. */
function channelOf(mask: number): (value: number) => number {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  const top = mask === 0 ? 1 : mask >>> shift;
  return (value) => Math.round((255 * ((value & mask) >>> shift)) / top);
}

/** Throws `NotRead` for compressed ones, a RangeError where the file ends too early. */
export function decodeBmp(file: Buffer): Decoded {
  const header = readHeader(file);
  const { width, height, fromTop, bits, pixelsAt, masks } = header;
  expectSize(width, height);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new NotRead(`BMP with ${bits} bits a pixel`);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (file.length < pixelsAt + stride * height - 3) throw new RangeError('unexpected end of the file');
  const channels = masks[3] === 0 ? 3 : 4;
  const samples = new Uint8Array(width * height * channels);
  const colour = bits <= 8 ? paletted(file, header) : masked(file, header);
  for (let y = 0, k = 0; y < height; y++) {
    const row = pixelsAt + stride * (fromTop ? y : height - 1 - y);
    for (let x = 0; x < width; x++, k += channels) colour(row, x, samples, k);
  }
  return { layout: { width, height, channels, depth: 8 }, samples, notes: [] };
}

type PutColour = (row: number, x: number, into: Uint8Array, at: number) => void;

function paletted(file: Buffer, { bits, paletteAt, paletteEntryBytes, pixelsAt }: Header): PutColour {
  const most = Math.floor((pixelsAt - paletteAt) / paletteEntryBytes);
  return (row, x, into, at) => {
    const byte = file[row + ((x * bits) >> 3)] ?? 0;
    const index = (byte >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1);
    const entry = paletteAt + Math.min(index, Math.max(0, most - 1)) * paletteEntryBytes;
    for (let c = 0; c < 3; c++) into[at + c] = file[entry + 2 - c]!;
  };
}

function masked(file: Buffer, { bits, masks }: Header): PutColour {
  const bytes = bits / 8;
  const channels = masks.filter((mask, c) => c < 3 || mask !== 0).map(channelOf);
  return (row, x, into, at) => {
    const value = file.readUIntLE(row + x * bytes, bytes);
    for (let c = 0; c < channels.length; c++) into[at + c] = channels[c]!(value);
  };
}
