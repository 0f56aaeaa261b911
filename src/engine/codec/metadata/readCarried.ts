import type { ReadAt } from '../containers/byteSource';
import { readMeta } from '../containers/isoBoxes';
import { chunkData, decodeText, readChunks, type TextEntry } from '../containers/pngChunks';
import { readTiffDirectory } from '../containers/tiffFields';
import { carriedOfJpeg } from './carriedOfJpeg';
import { attachedOf } from './isoAttachments';
import { densityOf, type Carried } from './metadata';
import { decodeResources, iptcOf } from './photoshop';
import { notCarriedOn, withoutPointers } from './xmpAttachments';

const CENTIMETRES_PER_INCH = 2.54;

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
    ...withoutPointers(xmp && Buffer.from(xmp.text, 'utf8')),
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
    ...withoutPointers(await directory.bytes(TIFF_TAGS.xmp)),
    ...(iptc && { iptc }),
    ...(photoshop && { photoshop }),
    ...densityOf(x, y, perInch),
  };
}

/** What a HEIC or AVIF carries, of what its decoder `told`: nothing that is attached to its picture is read. */
export async function carriedOfIso(read: ReadAt, { xmp, ...told }: Carried): Promise<Carried> {
  const meta = await readMeta(read);
  const attached = meta ? attachedOf(meta.data) : [];
  const { lost, ...kept } = withoutPointers(xmp);
  return {
    ...told,
    ...kept,
    ...(attached.length > 0 ? { lost: [notCarriedOn(attached)] } : lost && { lost }),
  };
}

/**
 * What a JPEG, PNG or TIFF of `length` bytes carries beside its pixels; of a TIFF one page (from 0), whose `exif` is a
 * block of its own.
 */
export function readCarried(
  read: ReadAt,
  length: number,
  format: 'jpeg' | 'png' | 'tiff',
  exif: Buffer | undefined,
  page: number,
): Promise<Carried> {
  switch (format) {
    case 'jpeg':
      return carriedOfJpeg(read, length);
    case 'png':
      return carriedOfPng(read);
    case 'tiff':
      return carriedOfTiff(read, exif, page);
  }
}
