import type { ReadAt } from '../containers/byteSource';
import {
  APP0,
  APP1,
  APP13,
  APP2,
  behind,
  COMMENT,
  PREFIXES,
  readSegments,
  type Segment,
} from '../containers/jpegSegments';
import type { TextEntry } from '../containers/pngChunks';
import { EXIF_PREFIX } from './exif';
import { attachedRanges, findGainMap } from './gainMap';
import { densityOf, type Carried } from './metadata';
import { decodeResources, iptcOf } from './photoshop';
import { extensionOf, merged } from './xmp';
import { ATTACHED_LIST, GAIN_MAP, withoutPointers, XMP_BYTES_MAX } from './xmpAttachments';

/** Name, total length and offset before each part of extended XMP. */
const GUID_BYTES = 32;
const CENTIMETRES_PER_INCH = 2.54;

function xmpOf(segments: readonly Segment[]): Buffer | undefined {
  const [packet] = behind(segments, APP1, PREFIXES.xmp);
  const guid = packet && extensionOf(packet);
  if (!guid) return packet;
  const parts = behind(segments, APP1, PREFIXES.extendedXmp).filter(
    (part) => part.toString('latin1', 0, GUID_BYTES) === guid && part.length > GUID_BYTES + 8,
  );
  const total = parts[0]?.readUInt32BE(GUID_BYTES) ?? 0;
  if (total === 0 || total > XMP_BYTES_MAX) return packet;
  const extension = Buffer.alloc(total);
  for (const part of parts) part.copy(extension, part.readUInt32BE(GUID_BYTES + 4), GUID_BYTES + 8);
  return merged(packet, extension);
}

/** The XMP, and the gain map where one is attached, which is carried on; of all else that is attached a word. */
async function attachedTo(
  read: ReadAt,
  length: number,
  segments: readonly Segment[],
): Promise<Pick<Carried, 'xmp' | 'lost' | 'gainMap' | 'gainMapSegment'>> {
  const xmp = xmpOf(segments);
  const ranges = attachedRanges(segments, xmp, length);
  const gainMap = await findGainMap(read, ranges);
  const isAttached = behind(segments, APP2, PREFIXES.multiPicture).length > 0;
  if (!gainMap) return withoutPointers(xmp, isAttached);
  const [gainMapSegment] = behind(segments, APP2, PREFIXES.gainMap);
  const others = ranges.some(({ at }) => at !== gainMap.at);
  return {
    ...withoutPointers(xmp, others, (what) => what === GAIN_MAP || (what === ATTACHED_LIST && !others)),
    gainMap,
    ...(gainMapSegment && { gainMapSegment }),
  };
}

/** What a JPEG of `length` bytes carries beside its pixels. */
export async function carriedOfJpeg(read: ReadAt, length: number): Promise<Carried> {
  const { segments } = await readSegments(read);
  const exif = behind(segments, APP1, EXIF_PREFIX)[0];
  const photoshop = Buffer.concat(behind(segments, APP13, PREFIXES.photoshop));
  const resources = decodeResources(photoshop);
  const iptc = iptcOf(resources);
  const jfif = behind(segments, APP0, PREFIXES.jfif)[0];
  const texts: TextEntry[] = segments
    .filter(({ marker }) => marker === COMMENT)
    .map(({ data }) => ({ keyword: 'Comment', text: data.toString('utf8').replace(/\0+$/, '') }));
  const perInch = jfif?.[2] === 1 ? 1 : jfif?.[2] === 2 ? CENTIMETRES_PER_INCH : null;
  return {
    ...(exif && { exif }),
    ...(await attachedTo(read, length, segments)),
    ...(iptc && { iptc }),
    ...(resources.length > 0 && { photoshop }),
    ...(texts.length > 0 && { texts }),
    ...(jfif && jfif.length >= 7
      ? densityOf(jfif.readUInt16BE(3), jfif.readUInt16BE(5), perInch)
      : { density: null }),
  };
}
