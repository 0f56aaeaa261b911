import { pictureBytes, type PixelLayout } from './layout';
import { encodeTiffHeader, TIFF_ORIGIN } from './tiffFile';
import { encodeHeader, VIPS_ORIGIN } from './vipsFile';

/** A file format for pixels written by position: what stands before the first pixel. */
export interface Container {
  readonly format: 'tiff' | 'vips';
  /** Position of the first pixel. */
  readonly origin: number;
  /** Length of the file without metadata. */
  readonly bytes: number;
  readonly header: Buffer;
}

/** Until an encoder says better. */
const DENSITY = 72;

/**
 * Colour goes into a TIFF, which libvips reads in a stream. Grey goes into a .v file: it is mapped into
 * memory whole (pages of the file, which the system can take back), but a third as large, and can carry the profile
 * that its conversion to sRGB needs (encoders.ts).
 */
export function containerOf(layout: PixelLayout): Container {
  if (layout.channels >= 3) {
    const header = encodeTiffHeader(layout);
    return { format: 'tiff', origin: TIFF_ORIGIN, bytes: TIFF_ORIGIN + pictureBytes(layout), header };
  }
  const header = encodeHeader(layout, DENSITY);
  return { format: 'vips', origin: VIPS_ORIGIN, bytes: VIPS_ORIGIN + pictureBytes(layout), header };
}
