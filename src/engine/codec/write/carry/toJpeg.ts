import { withReader } from '../../containers/byteSource';
import {
  APP0,
  APP1,
  APP13,
  APP2,
  COMMENT,
  encodeParts,
  encodeSegment,
  readSegments,
  SEGMENT_BYTES_MAX,
} from '../../containers/jpegSegments';
import type { PhotoMetadata } from '../../metadata/metadata';
import { withIptc } from '../../metadata/photoshop';
import { extended } from '../../metadata/xmp';
import { withNewStart } from './copying';

const XMP_PREFIX = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
const EXTENSION_PREFIX = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');
const PHOTOSHOP_PREFIX = Buffer.from('Photoshop 3.0\0', 'latin1');

/** JFIF 1.02's header: a density in pixels an inch, or without a unit the shape of a pixel. */
function jfif({ density, aspect = 1 }: PhotoMetadata): Buffer {
  const data = Buffer.from('JFIF\0\x01\x01\0\0\0\0\0\0\0', 'latin1');
  const x = density ?? (aspect >= 1 ? 1000 / aspect : 1000);
  const [across, down] = density === null && aspect === 1 ? [1, 1] : [x, x * aspect];
  data[7] = density === null ? 0 : 1;
  data.writeUInt16BE(Math.max(1, Math.min(65_535, Math.round(across))), 8);
  data.writeUInt16BE(Math.max(1, Math.min(65_535, Math.round(down))), 10);
  return encodeSegment(APP0, data);
}

function xmpSegments(xmp: Buffer): Buffer {
  const plain = Buffer.concat([XMP_PREFIX, xmp]);
  if (plain.length <= SEGMENT_BYTES_MAX) return encodeSegment(APP1, plain);
  const { packet, guid, extension } = extended(xmp);
  const name = Buffer.from(guid, 'latin1');
  const room = SEGMENT_BYTES_MAX - EXTENSION_PREFIX.length - name.length - 8;
  const parts = encodeParts(APP1, extension, (index) => {
    const place = Buffer.alloc(8);
    place.writeUInt32BE(extension.length, 0);
    place.writeUInt32BE(index * room, 4);
    return Buffer.concat([EXTENSION_PREFIX, name, place]);
  });
  return Buffer.concat([encodeSegment(APP1, Buffer.concat([XMP_PREFIX, packet])), parts]);
}

/** Puts what a photo carries into a JPEG as libjpeg wrote it; gives sentences about what has no place there. */
export async function carryToJpeg(file: string, metadata: PhotoMetadata): Promise<string[]> {
  const { exif, xmp, iptc, photoshop, icc, texts = [] } = metadata;
  const notes: string[] = [];
  const head = [Buffer.from([0xff, 0xd8]), jfif(metadata)];
  if (exif && exif.length <= SEGMENT_BYTES_MAX) head.push(encodeSegment(APP1, exif));
  else if (exif) notes.push('The EXIF is longer than a JPEG can hold (64 kB) and was left out.');
  if (xmp) head.push(xmpSegments(xmp));
  const resources = withIptc(photoshop, iptc);
  if (resources) head.push(encodeParts(APP13, resources, () => PHOTOSHOP_PREFIX));
  if (icc) {
    head.push(
      encodeParts(APP2, icc, (index, count) =>
        Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([index + 1, count])]),
      ),
    );
  }
  for (const { keyword, text } of texts) {
    const comment = Buffer.from(text, 'utf8');
    if (keyword === 'Comment' && comment.length <= SEGMENT_BYTES_MAX)
      head.push(encodeSegment(COMMENT, comment));
    else notes.push(`The text "${keyword}" has no place in a JPEG and was left out.`);
  }
  // What libjpeg put first is its own JFIF header.
  const from = await withReader(file, async (read) => {
    const { segments } = await readSegments(read);
    return segments[0]?.marker === APP0 ? 2 + 4 + segments[0].data.length : 2;
  });
  await withNewStart(file, Buffer.concat(head), from);
  return notes;
}
