import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { BLOCK_BYTES_MAX, type ReadAt } from './byteSource';

/** One chunk of a PNG (PNG third edition, clause 5.3) where it lies in the file. */
export interface Chunk {
  readonly type: string;
  /** Where its length field starts. */
  readonly at: number;
  /** Bytes of its data. */
  readonly length: number;
}

export const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
export const CHUNK_FRAME_BYTES = 12;
/** A picture of a gigapixel in pieces of 8 kB has fewer. */
const CHUNKS_MAX = 1_000_000;
/** Most that a compressed text may become. */
const TEXT_BYTES_MAX = 16 << 20;

/** The chunks of a PNG in their order, those of pixels left out; ends where the file does. */
export async function readChunks(read: ReadAt): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  let at = SIGNATURE_BYTES;
  for (let seen = 0; seen < CHUNKS_MAX; seen++) {
    const head = await read(at, 8);
    if (head.length < 8) break;
    const chunk: Chunk = { type: head.toString('latin1', 4, 8), at, length: head.readUInt32BE(0) };
    if (chunk.type !== 'IDAT' && chunk.type !== 'fdAT') chunks.push(chunk);
    if (chunk.type === 'IEND') break;
    at += CHUNK_FRAME_BYTES + chunk.length;
  }
  return chunks;
}

/** The data of a chunk; empty where it is longer than any block of metadata. */
export const chunkData = (read: ReadAt, { at, length }: Chunk): Promise<Buffer> =>
  length > BLOCK_BYTES_MAX ? Promise.resolve(Buffer.alloc(0)) : read(at + 8, length);

export function encodeChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A text that a picture carries under a keyword. */
export interface TextEntry {
  readonly keyword: string;
  readonly text: string;
}

function inflated(data: Buffer): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: TEXT_BYTES_MAX });
  } catch {
    return undefined; // damaged, or a bomb
  }
}

/** The text of a tEXt, zTXt or iTXt chunk (clause 11.3.3); undefined where it cannot be read. */
export function decodeText(type: string, data: Buffer): TextEntry | undefined {
  const end = data.indexOf(0);
  if (end < 1) return undefined;
  const keyword = data.toString('latin1', 0, end);
  const rest = data.subarray(end + 1);
  if (type === 'tEXt') return { keyword, text: rest.toString('latin1') };
  if (type === 'zTXt') {
    const text = inflated(rest.subarray(1))?.toString('latin1');
    return text === undefined ? undefined : { keyword, text };
  }
  const language = rest.indexOf(0, 2);
  const translated = rest.indexOf(0, language + 1);
  if (language < 2 || translated < 0) return undefined;
  const body = rest.subarray(translated + 1);
  const text = (rest[0] === 1 ? inflated(body) : body)?.toString('utf8');
  return text === undefined ? undefined : { keyword, text };
}

/** As tEXt where Latin-1 has all its characters, else as iTXt. */
export function encodeText({ keyword, text }: TextEntry): Buffer {
  const plain = /^[\x00-\xff]*$/.test(text);
  const name = Buffer.from(keyword, 'latin1');
  return plain
    ? encodeChunk('tEXt', Buffer.concat([name, Buffer.alloc(1), Buffer.from(text, 'latin1')]))
    : encodeChunk('iTXt', Buffer.concat([name, Buffer.from([0, 0, 0, 0, 0]), Buffer.from(text, 'utf8')]));
}

/** An ICC profile of an iCCP chunk. */
export function decodeProfile(data: Buffer): Buffer | undefined {
  const end = data.indexOf(0);
  return end < 0 ? undefined : inflated(data.subarray(end + 2));
}

export const encodeProfile = (icc: Buffer): Buffer =>
  encodeChunk('iCCP', Buffer.concat([Buffer.from('ICC Profile\0\0', 'latin1'), deflateSync(icc)]));
