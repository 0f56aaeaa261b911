import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Orientation } from '../../kernels/orient';
import { withReader, type ReadAt } from '../containers/byteSource';
import { APP1, APP2, behind, PREFIXES, readSegments, type Segment } from '../containers/jpegSegments';
import { attachedPictures, type PictureRange } from '../containers/multiPicture';
import { attachedItems, gainMapVersion } from './xmpAttachments';

/** What a gain map says of itself. */
interface GainMapWords {
  /** Its own XMP, where its parameters are. */
  readonly xmp?: Buffer;
  /** Its parameters as ISO 21496-1 has them. */
  readonly parameters?: Buffer;
}

/**
 * A gain map: a smaller picture behind a JPEG's own that says how much brighter each place is in high dynamic range
 * (Ultra HDR, ISO 21496-1, Apple's), as it lies in the photo's file.
 */
export interface AttachedGainMap extends PictureRange, GainMapWords {}

/** A photo's gain map as a file of its own, which lives as long as the open photo. */
export interface GainMap extends GainMapWords {
  readonly path: string;
  readonly bytes: number;
  /** It is stored as its photo is, whose orientation counts for both. */
  readonly orientation: Orientation;
}

/** No map of gains is longer: what claims to be is none. */
const GAIN_MAP_BYTES_MAX = 64 << 20;
/** How Apple's gain maps say in XMP what they are. */
const APPLE_KIND = 'urn:com:apple:photo:2020:aux:hdrgainmap';

/** Whether a picture's own segments say that it is a gain map. */
function gainMapAt(range: PictureRange, segments: readonly Segment[]): AttachedGainMap | undefined {
  const [xmp] = behind(segments, APP1, PREFIXES.xmp);
  const [parameters] = behind(segments, APP2, PREFIXES.gainMap);
  const isNamed = xmp !== undefined && (gainMapVersion(xmp) !== undefined || xmp.includes(APPLE_KIND));
  if (!isNamed && !parameters) return undefined;
  return { ...range, ...(xmp && { xmp }), ...(parameters && { parameters }) };
}

/** The pictures behind a JPEG's own, by its index of several pictures, else by the list in its XMP. */
export function attachedRanges(
  segments: readonly Segment[],
  xmp: Buffer | undefined,
  fileBytes: number,
): PictureRange[] {
  const indexed = segments
    .filter(({ marker, data }) => marker === APP2 && data.subarray(0, 4).equals(PREFIXES.multiPicture))
    .flatMap(({ data, at }) => attachedPictures(data.subarray(4), at + 4));
  // The list says lengths alone, of what ends with the file.
  let end = fileBytes;
  const listed = (xmp ? attachedItems(xmp) : []).reverse().map((bytes): PictureRange => {
    end -= bytes;
    return { at: end, bytes };
  });
  return (indexed.length > 0 ? indexed : listed).filter(
    ({ at, bytes }) => at > 0 && bytes > 4 && at + bytes <= fileBytes,
  );
}

/** A gain map as it is to be attached to the enlargement of its photo. */
export interface EnlargedGainMap extends Pick<GainMapWords, 'xmp'> {
  readonly path: string;
  readonly bytes: number;
}

/** The first of these pictures that is a gain map. */
export async function findGainMap(
  read: ReadAt,
  ranges: readonly PictureRange[],
): Promise<AttachedGainMap | undefined> {
  for (const range of ranges.filter(({ bytes }) => bytes <= GAIN_MAP_BYTES_MAX)) {
    const start = await read(range.at, 3);
    if (start.length < 3 || start.readUIntBE(0, 3) !== 0xffd8ff) continue;
    const inside: ReadAt = (at, bytes) => read(range.at + at, Math.max(0, Math.min(bytes, range.bytes - at)));
    const found = gainMapAt(range, (await readSegments(inside)).segments);
    if (found) return found;
  }
  return undefined;
}

/** Keeps a photo's gain map in a folder: the photo's own file may go while the photo is open. */
export async function keepGainMap(
  photo: string,
  { at, bytes, ...words }: AttachedGainMap,
  folder: string,
  orientation: Orientation,
): Promise<GainMap> {
  const path = join(folder, 'gain-map');
  await writeFile(path, await withReader(photo, (read) => read(at, bytes)));
  return { ...words, path, bytes, orientation };
}
