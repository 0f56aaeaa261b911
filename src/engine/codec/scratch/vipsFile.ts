import { colourspaceOf, type PixelLayout } from './layout';

/**
 * libvips' own uncompressed format (.v): 64 bytes of header, the pixels, then XML with the metadata. It is
 * written in order, so that what is there can be read while more comes. Layout as in
 * libvips/iofuncs/vips.c.
 */
export const VIPS_ORIGIN = 64;
const MAGIC = 0x08f2a6b6;
const MILLIMETRES_PER_INCH = 25.4;
const INTERPRETATIONS = { 'b-w': 1, srgb: 22, rgb16: 25, grey16: 26 } as const;

/** VIPS_ORIGIN bytes; `density` in pixels an inch. */
export function encodeHeader(layout: PixelLayout, density: number): Buffer {
  const header = Buffer.alloc(VIPS_ORIGIN);
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
  if (header.length < VIPS_ORIGIN || header.readInt32LE(0) !== MAGIC) return undefined;
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
