import { withReader } from '../../containers/byteSource';
import {
  APP0,
  APP1,
  APP13,
  APP2,
  COMMENT,
  encodeParts,
  encodeSegment,
  PREFIXES,
  readSegments,
  SEGMENT_BYTES_MAX,
  SEGMENT_HEAD_BYTES,
} from '../../containers/jpegSegments';
import { encodeIndex, INDEX_BYTES, INDEXED_BYTES_MAX } from '../../containers/multiPicture';
import type { EnlargedGainMap } from '../../metadata/gainMap';
import type { PhotoMetadata } from '../../metadata/metadata';
import { withIptc } from '../../metadata/photoshop';
import { extended, withDescription } from '../../metadata/xmp';
import { gainMapDirectory, gainMapVersion } from '../../metadata/xmpAttachments';
import { withNewStart } from './copying';

/** What stands before the pixels is never longer: EXIF, a profile, and XMP of a few megabytes. */
const HEAD_BYTES_MAX = 64 << 20;

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

/** `directory`: a description that readers look for in the first packet alone. */
function xmpSegments(xmp: Buffer | undefined, directory: string): Buffer {
  if (!xmp && !directory) return Buffer.alloc(0);
  const plain = Buffer.concat([PREFIXES.xmp, directory ? withDescription(xmp, directory) : xmp!]);
  if (plain.length <= SEGMENT_BYTES_MAX) return encodeSegment(APP1, plain);
  const { packet, guid, extension } = extended(xmp!, directory);
  const name = Buffer.from(guid, 'latin1');
  const room = SEGMENT_BYTES_MAX - PREFIXES.extendedXmp.length - name.length - 8;
  const parts = encodeParts(APP1, extension, (index) => {
    const place = Buffer.alloc(8);
    place.writeUInt32BE(extension.length, 0);
    place.writeUInt32BE(index * room, 4);
    return Buffer.concat([PREFIXES.extendedXmp, name, place]);
  });
  return Buffer.concat([encodeSegment(APP1, Buffer.concat([PREFIXES.xmp, packet])), parts]);
}

/** The index that says where the gain map begins, for the end of a head that `primaryBytes` of picture follow. */
function indexSegment(headBytes: number, primaryBytes: number, gainMapBytes: number): Buffer {
  const prefix = PREFIXES.multiPicture;
  const indexAt = headBytes + SEGMENT_HEAD_BYTES + prefix.length;
  const end = indexAt + INDEX_BYTES + primaryBytes;
  return encodeSegment(APP2, Buffer.concat([prefix, encodeIndex(indexAt, end, gainMapBytes)]));
}

/** Google's directory for gain maps that Adobe's words describe; ISO's and Apple's are found by the index alone. */
function directoryOf(gainMap: EnlargedGainMap | undefined): string {
  const version = gainMap?.xmp && gainMapVersion(gainMap.xmp);
  return version === undefined ? '' : gainMapDirectory(version, gainMap!.bytes);
}

const TOO_LONG =
  'The picture is longer than the index of attached pictures can say (4 GB): its gain map was left out.';

/**
 * Puts what a photo carries into a JPEG as libjpeg wrote it, its gain map behind it; gives sentences about what has no
 * place there.
 */
export async function carryToJpeg(
  file: string,
  metadata: PhotoMetadata,
  enlargedMap?: EnlargedGainMap,
): Promise<string[]> {
  const { exif, xmp, iptc, photoshop, icc, gainMapSegment, texts = [] } = metadata;
  const notes: string[] = [];
  // What libjpeg put first is its own JFIF header.
  const { from, length } = await withReader(file, async (read, bytes) => {
    const { segments } = await readSegments(read);
    return {
      from: segments[0]?.marker === APP0 ? segments[0].at + segments[0].data.length : 2,
      length: bytes,
    };
  });
  const isTooLong = enlargedMap !== undefined && length + HEAD_BYTES_MAX > INDEXED_BYTES_MAX;
  if (isTooLong) notes.push(TOO_LONG);
  const gainMap = isTooLong ? undefined : enlargedMap;
  const head = [Buffer.from([0xff, 0xd8]), jfif(metadata)];
  if (exif && exif.length <= SEGMENT_BYTES_MAX) head.push(encodeSegment(APP1, exif));
  else if (exif) notes.push('The EXIF is longer than a JPEG can hold (64 kB) and was left out.');
  head.push(xmpSegments(xmp, directoryOf(gainMap)));
  const resources = withIptc(photoshop, iptc);
  if (resources) head.push(encodeParts(APP13, resources, () => PREFIXES.photoshop));
  if (icc) {
    head.push(
      encodeParts(APP2, icc, (index, count) =>
        Buffer.concat([PREFIXES.profile, Buffer.from([index + 1, count])]),
      ),
    );
  }
  if (gainMapSegment && !isTooLong)
    head.push(encodeSegment(APP2, Buffer.concat([PREFIXES.gainMap, gainMapSegment])));
  for (const { keyword, text } of texts) {
    const comment = Buffer.from(text, 'utf8');
    if (keyword === 'Comment' && comment.length <= SEGMENT_BYTES_MAX)
      head.push(encodeSegment(COMMENT, comment));
    else notes.push(`The text "${keyword}" has no place in a JPEG and was left out.`);
  }
  const told = Buffer.concat(head);
  const index = gainMap ? [indexSegment(told.length, length - from, gainMap.bytes)] : [];
  await withNewStart(file, Buffer.concat([told, ...index]), from, gainMap?.path);
  return notes;
}
