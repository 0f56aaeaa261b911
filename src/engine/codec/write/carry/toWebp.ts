import { stat } from 'node:fs/promises';
import { withReader } from '../../containers/byteSource';
import { bareExif } from '../../metadata/exif';
import type { PhotoMetadata } from '../../metadata/metadata';
import type { PixelLayout } from '../../scratch/layout';
import { withNewStart } from './copying';
import { leftOut } from './leftOut';

const FLAGS = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04 } as const;
const RIFF_BYTES = 12;

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/**
 * Puts what a photo carries into a WebP (RFC 9649, section 2.7): the extended header first, the profile, the
 * pixels as they are, then EXIF without its prefix and XMP.
 */
export async function carryToWebp(
  file: string,
  metadata: PhotoMetadata,
  { width, height, channels }: PixelLayout,
): Promise<string[]> {
  const { icc, exif, xmp } = metadata;
  const notes = leftOut('webp', metadata);
  if (!icc && !exif && !xmp) return notes;
  const { size } = await stat(file);
  const first = await withReader(file, (read) => read(RIFF_BYTES, 8));
  const isExtended = first.toString('latin1', 0, 4) === 'VP8X';
  const from = isExtended ? RIFF_BYTES + 8 + first.readUInt32LE(4) : RIFF_BYTES;
  const header = Buffer.alloc(10);
  header[0] =
    (icc ? FLAGS.icc : 0) |
    (channels % 2 === 0 ? FLAGS.alpha : 0) |
    (exif ? FLAGS.exif : 0) |
    (xmp ? FLAGS.xmp : 0);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  const before = Buffer.concat([chunk('VP8X', header), ...(icc ? [chunk('ICCP', icc)] : [])]);
  const tail = Buffer.concat([
    ...(exif ? [chunk('EXIF', bareExif(exif))] : []),
    ...(xmp ? [chunk('XMP ', xmp)] : []),
  ]);
  const riff = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  riff.writeUInt32LE(4 + before.length + (size - from) + tail.length, 4);
  await withNewStart(file, Buffer.concat([riff, before]), from, tail);
  return notes;
}
