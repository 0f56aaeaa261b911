import type { ReadAt } from '../containers/byteSource';
import { APP0, APP1, APP13, APP2, COMMENT, readSegments, type Segment } from '../containers/jpegSegments';
import { chunkData, decodeText, readChunks, type TextEntry } from '../containers/pngChunks';
import { readTiffDirectory } from '../containers/tiffFields';
import { isShape, type Carried } from './metadata';
import { decodeResources, iptcOf } from './photoshop';
import { EXIF_PREFIX } from './exif';
import { extensionOf, merged, withoutAttachments } from './xmp';

const XMP_PREFIX = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
const EXTENSION_PREFIX = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');
const PHOTOSHOP_PREFIX = Buffer.from('Photoshop 3.0\0', 'latin1');
const MPF_PREFIX = Buffer.from('MPF\0', 'latin1');
/** Name, total length and offset before each part of extended XMP. */
const GUID_BYTES = 32;
/** Longer XMP is left out: no photo has it, and every property is looked for in all of it. */
const XMP_BYTES_MAX = 4 << 20;
const CENTIMETRES_PER_INCH = 2.54;

const behind = (segments: readonly Segment[], marker: number, prefix: Buffer): Buffer[] =>
  segments
    .filter((one) => one.marker === marker && one.data.subarray(0, prefix.length).equals(prefix))
    .map(({ data }) => data.subarray(prefix.length));

/** Density in pixels an inch, and the ratio of pixels that are not square. */
function densityOf(x: number, y: number, perInch: number | null): Pick<Carried, 'density' | 'aspect'> {
  if (!(x > 0) || !(y > 0)) return { density: null };
  const aspect = y / x;
  if (!isShape(aspect)) return { density: null };
  return {
    density: perInch === null ? null : Math.round(x * perInch * 1000) / 1000,
    ...(Math.abs(aspect - 1) > 1e-3 && { aspect }),
  };
}

function xmpOfJpeg(segments: readonly Segment[]): Buffer | undefined {
  const [packet] = behind(segments, APP1, XMP_PREFIX);
  const guid = packet && extensionOf(packet);
  if (!guid) return packet;
  const parts = behind(segments, APP1, EXTENSION_PREFIX).filter(
    (part) => part.toString('latin1', 0, GUID_BYTES) === guid && part.length > GUID_BYTES + 8,
  );
  const total = parts[0]?.readUInt32BE(GUID_BYTES) ?? 0;
  if (total === 0 || total > XMP_BYTES_MAX) return packet;
  const extension = Buffer.alloc(total);
  for (const part of parts) part.copy(extension, part.readUInt32BE(GUID_BYTES + 4), GUID_BYTES + 8);
  return merged(packet, extension);
}

async function carriedOfJpeg(read: ReadAt): Promise<Carried> {
  const { segments } = await readSegments(read);
  const exif = behind(segments, APP1, EXIF_PREFIX)[0];
  const resources = decodeResources(Buffer.concat(behind(segments, APP13, PHOTOSHOP_PREFIX)));
  const photoshop = Buffer.concat(behind(segments, APP13, PHOTOSHOP_PREFIX));
  const iptc = iptcOf(resources);
  const jfif = behind(segments, APP0, Buffer.from('JFIF\0', 'latin1'))[0];
  const texts: TextEntry[] = segments
    .filter(({ marker }) => marker === COMMENT)
    .map(({ data }) => ({ keyword: 'Comment', text: data.toString('utf8').replace(/\0+$/, '') }));
  const perInch = jfif?.[2] === 1 ? 1 : jfif?.[2] === 2 ? CENTIMETRES_PER_INCH : null;
  const attached = behind(segments, APP2, MPF_PREFIX).length > 0;
  return {
    ...(exif && { exif }),
    ...withXmp(xmpOfJpeg(segments), attached),
    ...(iptc && { iptc }),
    ...(resources.length > 0 && { photoshop }),
    ...(texts.length > 0 && { texts }),
    ...(jfif && jfif.length >= 7
      ? densityOf(jfif.readUInt16BE(3), jfif.readUInt16BE(5), perInch)
      : { density: null }),
  };
}

/** XMP without pointers to pictures that are attached to the file, with a word on what they were. */
function withXmp(found: Buffer | undefined, attached: boolean): Pick<Carried, 'xmp' | 'lost'> {
  const short = found && found.length <= XMP_BYTES_MAX ? found : undefined;
  const { xmp, lost: pointed } = short ? withoutAttachments(short) : { xmp: undefined, lost: [] };
  const lost = pointed.length > 0 ? pointed : attached ? ['list of attached pictures'] : [];
  const words = lost.filter((what) => lost.length === 1 || what !== 'list of attached pictures');
  return {
    ...(xmp && { xmp }),
    ...(words.length > 0 && {
      lost: [
        `What is attached to the photo is not carried on (${words.join(', ')}); nothing points to it any more.`,
      ],
    }),
  };
}

const XMP_KEYWORD = 'XML:com.adobe.xmp';
const IPTC_KEYWORD = 'Raw profile type iptc';
const METRES_PER_INCH = 0.0254;

/** Bytes in hexadecimal digits behind a name and a length, as ImageMagick puts profiles into PNG. */
function rawProfile(text: string): Buffer {
  const [, , , ...lines] = text.split('\n');
  return Buffer.from(lines.join(''), 'hex');
}

async function carriedOfPng(read: ReadAt): Promise<Carried> {
  const chunks = await readChunks(read);
  const data = async (type: string): Promise<Buffer | undefined> => {
    const chunk = chunks.find((one) => one.type === type);
    return chunk && chunkData(read, chunk);
  };
  const texts: TextEntry[] = [];
  for (const chunk of chunks.filter(({ type }) => ['tEXt', 'zTXt', 'iTXt'].includes(type)).slice(0, 256)) {
    const entry = decodeText(chunk.type, await chunkData(read, chunk));
    if (entry) texts.push(entry);
  }
  const exif = await data('eXIf');
  const phys = await data('pHYs');
  const xmp = texts.find(({ keyword }) => keyword === XMP_KEYWORD);
  const raw = texts.find(({ keyword }) => keyword === IPTC_KEYWORD);
  const iptc = raw && iptcOf(decodeResources(rawProfile(raw.text)));
  const others = texts.filter(({ keyword }) => keyword !== XMP_KEYWORD && !keyword.startsWith('Raw profile'));
  return {
    ...(exif && { exif }),
    ...withXmp(xmp && Buffer.from(xmp.text, 'utf8'), false),
    ...(iptc && { iptc }),
    ...(others.length > 0 && { texts: others }),
    ...(phys?.length === 9
      ? densityOf(phys.readUInt32BE(0), phys.readUInt32BE(4), phys[8] === 1 ? METRES_PER_INCH : null)
      : { density: null }),
  };
}

const TIFF_TAGS = { xmp: 700, iptc: 33723, photoshop: 34377, x: 282, y: 283, unit: 296 } as const;

async function carriedOfTiff(read: ReadAt, exif: Buffer | undefined, page: number): Promise<Carried> {
  const directory = await readTiffDirectory(read, page);
  if (!directory) return { density: null };
  const photoshop = await directory.bytes(TIFF_TAGS.photoshop);
  const iptc = (await directory.bytes(TIFF_TAGS.iptc)) ?? (photoshop && iptcOf(decodeResources(photoshop)));
  const [[x = 0], [y = 0], [unit = 2]] = (await Promise.all(
    [TIFF_TAGS.x, TIFF_TAGS.y, TIFF_TAGS.unit].map((tag) => directory.numbers(tag)),
  )) as [number[], number[], number[]];
  const perInch = unit === 2 ? 1 : unit === 3 ? CENTIMETRES_PER_INCH : null;
  return {
    ...(exif && { exif }),
    ...withXmp(await directory.bytes(TIFF_TAGS.xmp), false),
    ...(iptc && { iptc }),
    ...(photoshop && { photoshop }),
    ...densityOf(x, y, perInch),
  };
}

/** What a JPEG, PNG or TIFF carries beside its pixels; of a TIFF one page (from 0), whose `exif` is a block of its own. */
export function readCarried(
  read: ReadAt,
  format: 'jpeg' | 'png' | 'tiff',
  exif: Buffer | undefined,
  page: number,
): Promise<Carried> {
  switch (format) {
    case 'jpeg':
      return carriedOfJpeg(read);
    case 'png':
      return carriedOfPng(read);
    case 'tiff':
      return carriedOfTiff(read, exif, page);
  }
}
