import type { Rect, Size } from '../../shared/geometry';

/**
 * libvips' own uncompressed format (.v): 64 bytes of header, the pixels row by row and interleaved in the
 * machine's byte order, then XML with the metadata. Any rectangle can be read and written by position, and
 * libvips reads it without holding it in memory. Layout as in libvips/iofuncs/vips.c.
 */
export interface PixelLayout extends Size {
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: number;
  /** Bits a channel. */
  readonly depth: 8 | 16;
}

export type Samples = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

export const HEADER_BYTES = 64;
const MAGIC = 0x08f2a6b6;
const MILLIMETRES_PER_INCH = 25.4;

export const sampleBytes = ({ depth }: PixelLayout): number => depth / 8;
export const pixelBytes = (layout: PixelLayout): number => layout.channels * sampleBytes(layout);
export const rowBytes = (layout: PixelLayout): number => layout.width * pixelBytes(layout);
/** Header and pixels, without metadata. */
export const fileBytes = (layout: PixelLayout): number => HEADER_BYTES + layout.height * rowBytes(layout);

/** Where the first pixel of a rectangle lies in the file. */
export const offsetOf = (layout: PixelLayout, at: Pick<Rect, 'x' | 'y'>): number =>
  HEADER_BYTES + at.y * rowBytes(layout) + at.x * pixelBytes(layout);

export const newSamples = (layout: PixelLayout, pixels: number): Samples =>
  layout.depth === 16 ? new Uint16Array(pixels * layout.channels) : new Uint8Array(pixels * layout.channels);

/** The colour space that libvips calls a picture of this layout. */
export function colourspaceOf({ channels, depth }: PixelLayout): 'b-w' | 'grey16' | 'srgb' | 'rgb16' {
  if (channels < 3) return depth === 16 ? 'grey16' : 'b-w';
  return depth === 16 ? 'rgb16' : 'srgb';
}

const INTERPRETATIONS = { 'b-w': 1, srgb: 22, rgb16: 25, grey16: 26 } as const;

/** `density` in pixels an inch. */
export function encodeHeader(layout: PixelLayout, density: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const format = layout.depth === 16 ? 2 : 0;
  [
    MAGIC,
    layout.width,
    layout.height,
    layout.channels,
    layout.depth,
    format,
    0,
    INTERPRETATIONS[colourspaceOf(layout)],
  ].forEach((value, index) => header.writeInt32LE(value, 4 * index));
  header.writeFloatLE(density / MILLIMETRES_PER_INCH, 32);
  header.writeFloatLE(density / MILLIMETRES_PER_INCH, 36);
  return header;
}

/** The layout that a header tells; undefined where it is none or holds something else than 8 or 16 bits. */
export function decodeHeader(header: Buffer): PixelLayout | undefined {
  if (header.length < HEADER_BYTES || header.readInt32LE(0) !== MAGIC) return undefined;
  const format = header.readInt32LE(20);
  if (format !== 0 && format !== 2) return undefined;
  return {
    width: header.readInt32LE(4),
    height: header.readInt32LE(8),
    channels: header.readInt32LE(12),
    depth: format === 2 ? 16 : 8,
  };
}

/** What stands behind the pixels: each blob under the name that libvips knows it by. */
export function encodeTrailer(blobs: ReadonlyMap<string, Buffer>): Buffer {
  const fields = [...blobs].map(
    ([name, data]) => `<field type="VipsBlob" name="${name}">${data.toString('base64')}</field>`,
  );
  return Buffer.from(
    `<?xml version="1.0"?>\n<root xmlns="http://www.vips.ecs.soton.ac.uk/vips/8.18.7">\n` +
      `<header></header>\n<meta>\n${fields.join('\n')}\n</meta>\n</root>\n`,
  );
}
