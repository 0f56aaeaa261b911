import { BLOCK_BYTES_MAX, type ReadAt } from './byteSource';

/** One box of an ISO base media file (ISO/IEC 14496-12, 4.2), by where its content lies. */
export interface Box {
  readonly type: string;
  readonly at: number;
  /** Where the content starts and where the box ends. */
  readonly start: number;
  readonly end: number;
}

const BOXES_MAX = 4096;

/** The boxes between two positions of a buffer. */
export function boxesOf(data: Buffer, from = 0, to = data.length): Box[] {
  const boxes: Box[] = [];
  let at = from;
  while (at + 8 <= to && boxes.length < BOXES_MAX) {
    const short = data.readUInt32BE(at);
    const large = short === 1 && at + 16 <= to;
    const size = large ? Number(data.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short;
    if (size < 8 || at + size > to) break;
    const start = at + (large ? 16 : 8);
    boxes.push({ type: data.toString('latin1', at + 4, at + 8), at, start, end: at + size });
    at += size;
  }
  return boxes;
}

/** The `meta` box of a picture file with its header, and where it lies; undefined where there is none. */
export async function readMeta(read: ReadAt): Promise<{ data: Buffer; at: number } | undefined> {
  for (let at = 0, seen = 0; seen < 64; seen++) {
    const head = await read(at, 16);
    if (head.length < 8) return undefined;
    const short = head.readUInt32BE(0);
    const size = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short;
    if (head.toString('latin1', 4, 8) === 'meta' && size >= 12 && size <= BLOCK_BYTES_MAX) {
      return { data: await read(at, size), at };
    }
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}

/** A way down through boxes of the given types, by the first of each. */
export function findBox(data: Buffer, types: readonly string[], from = 0, to = data.length): Box | undefined {
  const [type, ...deeper] = types;
  const box = boxesOf(data, from, to).find((one) => one.type === type);
  if (!box || deeper.length === 0) return box;
  // `meta` is a full box: version and flags before its content.
  return findBox(data, deeper, box.start + (box.type === 'meta' ? 4 : 0), box.end);
}

/** Code points of Rec. ITU-T H.273 as an `nclx` colour box or a cICP chunk has them. */
export interface CodePoints {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly fullRange: boolean;
}

/** What the `colr` boxes of a picture tell: an ICC profile, code points, or both. */
export function coloursOf(meta: Buffer): { icc?: Buffer; nclx?: CodePoints } {
  const properties = findBox(meta, ['meta', 'iprp', 'ipco']);
  let icc: Buffer | undefined;
  let nclx: CodePoints | undefined;
  for (const box of properties ? boxesOf(meta, properties.start, properties.end) : []) {
    if (box.type !== 'colr' || box.end - box.start < 11) continue;
    const kind = meta.toString('latin1', box.start, box.start + 4);
    if (kind === 'prof' || kind === 'rICC') icc ??= Buffer.from(meta.subarray(box.start + 4, box.end));
    if (kind !== 'nclx') continue;
    nclx ??= {
      primaries: meta.readUInt16BE(box.start + 4),
      transfer: meta.readUInt16BE(box.start + 6),
      matrix: meta.readUInt16BE(box.start + 8),
      fullRange: (meta[box.start + 10]! & 0x80) !== 0,
    };
  }
  return { ...(icc && { icc }), ...(nclx && { nclx }) };
}
