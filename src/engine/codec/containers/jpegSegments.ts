import type { ReadAt } from './byteSource';

/** A segment of a JPEG before its first scan (ISO/IEC 10918-1, annex B). */
export interface Segment {
  readonly marker: number;
  readonly data: Buffer;
  /** Where its data begin, in bytes from the start of the JPEG. */
  readonly at: number;
}

/** How the application segments of one kind begin. */
export const PREFIXES = {
  jfif: Buffer.from('JFIF\0', 'latin1'),
  xmp: Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1'),
  extendedXmp: Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1'),
  photoshop: Buffer.from('Photoshop 3.0\0', 'latin1'),
  profile: Buffer.from('ICC_PROFILE\0', 'latin1'),
  /** CIPA DC-007. */
  multiPicture: Buffer.from('MPF\0', 'latin1'),
  gainMap: Buffer.from('urn:iso:std:iso:ts:21496:-1\0', 'latin1'),
} as const;

export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP13 = 0xed;
export const COMMENT = 0xfe;
const SCAN = 0xda;
const LENGTH_BYTES = 2;
/** Marker and length before a segment's data. */
export const SEGMENT_HEAD_BYTES = 2 + LENGTH_BYTES;
/** A segment's length field counts itself. */
export const SEGMENT_BYTES_MAX = 65_533;
/** XMP of half a gigabyte would have as many extension segments; no photo has. */
const SEGMENTS_MAX = 4096;

/** The segments up to the first scan, and where the scan's segment lies. */
export async function readSegments(read: ReadAt): Promise<{ segments: Segment[]; scanAt: number }> {
  const segments: Segment[] = [];
  let at = 2;
  while (segments.length < SEGMENTS_MAX) {
    const head = await read(at, 4);
    if (head.length < 4 || head[0] !== 0xff || head[1] === SCAN) break;
    if (head[1] === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    const length = head.readUInt16BE(2);
    if (length < LENGTH_BYTES) break; // it counts itself: the file is damaged here
    const start = at + SEGMENT_HEAD_BYTES;
    segments.push({ marker: head[1]!, data: await read(start, length - LENGTH_BYTES), at: start });
    at += 2 + length;
  }
  return { segments, scanAt: at };
}

/** What the segments of a kind hold behind their prefix, in their order. */
export const behind = (segments: readonly Segment[], marker: number, prefix: Buffer): Buffer[] =>
  segments
    .filter((one) => one.marker === marker && one.data.subarray(0, prefix.length).equals(prefix))
    .map(({ data }) => data.subarray(prefix.length));

export function encodeSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** Data in as many segments as it needs, each behind what `prefixOf` gives for its index and the count. */
export function encodeParts(
  marker: number,
  data: Buffer,
  prefixOf: (index: number, count: number) => Buffer,
): Buffer {
  const room = SEGMENT_BYTES_MAX - prefixOf(0, 1).length;
  const count = Math.ceil(data.length / room);
  return Buffer.concat(
    Array.from({ length: count }, (_, i) =>
      encodeSegment(marker, Buffer.concat([prefixOf(i, count), data.subarray(i * room, (i + 1) * room)])),
    ),
  );
}
