import { withReader } from '../../containers/byteSource';
import {
  CHUNK_FRAME_BYTES,
  encodeChunk,
  encodeProfile,
  encodeText,
  readChunks,
  SIGNATURE_BYTES,
  type Chunk,
} from '../../containers/pngChunks';
import { bareExif } from '../../metadata/exif';
import type { PhotoMetadata } from '../../metadata/metadata';
import { withIptc } from '../../metadata/photoshop';
import { withNewStart } from './copying';

const INCHES_PER_METRE = 1 / 0.0254;
const HEX_DIGITS_A_LINE = 72;

/** pHYs (clause 11.3.4.3): pixels a metre, or without a unit the shape of a pixel; none where neither is told. */
function physical({ density, aspect = 1 }: PhotoMetadata): Buffer {
  if (density === null && aspect === 1) return Buffer.alloc(0);
  const x = density === null ? 10_000 : density * INCHES_PER_METRE;
  const data = Buffer.alloc(9);
  data.writeUInt32BE(Math.round(x), 0);
  data.writeUInt32BE(Math.round(x * aspect), 4);
  data[8] = density === null ? 0 : 1;
  return encodeChunk('pHYs', data);
}

/** Photoshop's resources in hexadecimal, as ImageMagick and ExifTool read IPTC from a PNG. */
function rawProfile(data: Buffer): Buffer {
  const lines = data.toString('hex').match(new RegExp(`.{1,${HEX_DIGITS_A_LINE}}`, 'g')) ?? [];
  const text = `\niptc\n${String(data.length).padStart(8)}\n${lines.join('\n')}\n`;
  return encodeText({ keyword: 'Raw profile type iptc', text });
}

function xmpChunk(xmp: Buffer): Buffer {
  const head = Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1');
  return encodeChunk('iTXt', Buffer.concat([head, xmp]));
}

/** Puts what a photo carries into a PNG as libvips wrote it. */
export async function carryToPng(file: string, metadata: PhotoMetadata): Promise<string[]> {
  const { icc, codes, exif, xmp, iptc, photoshop, texts = [] } = metadata;
  const { header, from } = await withReader(file, async (read) => {
    const chunks = await readChunks(read);
    const [first] = chunks as [Chunk];
    const start = first.at + CHUNK_FRAME_BYTES + first.length;
    // Of what libvips put behind the header only the density is its own; a palette it writes none.
    const phys = chunks.find(({ type, at }) => type === 'pHYs' && at === start);
    return {
      header: await read(0, SIGNATURE_BYTES + CHUNK_FRAME_BYTES + first.length),
      from: phys ? phys.at + CHUNK_FRAME_BYTES + phys.length : start,
    };
  });
  const resources = withIptc(photoshop, iptc);
  const chunks = [
    ...(codes ? [encodeChunk('cICP', Buffer.from([codes.primaries, codes.transfer, 0, 1]))] : []),
    ...(icc ? [encodeProfile(icc)] : []),
    physical(metadata),
    ...(exif ? [encodeChunk('eXIf', bareExif(exif))] : []),
    ...(xmp ? [xmpChunk(xmp)] : []),
    ...(resources ? [rawProfile(resources)] : []),
    ...texts.map(encodeText),
  ];
  await withNewStart(file, Buffer.concat([header, ...chunks]), from);
  return [];
}
