import { basename } from 'node:path';
import type { Metadata, Sharp } from 'sharp';
import { EMBEDDED, type Page, type PhotoInfo } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { ORIENTATIONS, orientedSize, type Orientation } from '../../kernels/orient';
import type { Size } from '../../../shared/geometry';
import { availableMemory } from '../memory';
import { inWords } from '../fileFaults';
import { profileName, wholeProfile } from '../metadata/icc';
import { withReader, type ReadAt } from '../containers/byteSource';
import { readTiffDirectory } from '../containers/tiffFields';
import { readColourSignal } from '../metadata/colourSignal';
import { expectStillThere, inspectInput } from './inputFile';
import { expectKnownKind } from './kinds';
import { embeddedNote, expectPage, expectPaged, framesOf, indexOf, pageNotes, pagesOf } from './pages';
import { carriedOfIso, readCarried } from '../metadata/readCarried';
import { keepGainMap } from '../metadata/gainMap';
import { carriedOf, metadataOf, type Carried, type PhotoMetadata } from '../metadata/metadata';
import { isForeign } from '../foreign/decode';
import { takeOutJpeg, translate, type TakenOut } from '../foreign/open';
import { unreadable } from './decodeFaults';
import type { InputFormat } from '../../../shared/formats';
import { colourspaceOf, pictureBytes, type PixelLayout } from '../scratch/layout';
import { readTiffExif } from '../metadata/tiffExif';
import { sharp } from '../vips';

/** Most pixels that a photo may declare. */
export const INPUT_PIXELS_MAX = 1_000_000_000;

/** A picture file as its header describes it, and how its pixels are to be decoded. */
export interface Source {
  readonly path: string;
  /** What libvips reads: the file itself, or what another decoder made of it or took out of it. */
  readonly pixels: string;
  /** What the user calls it, for faults. */
  readonly name: string;
  /** Of what is decoded: JPEG of the one in camera raw. */
  readonly format: InputFormat;
  readonly page: Page;
  /** The pixels as stored, before the orientation. */
  readonly layout: PixelLayout;
  readonly orientation: Orientation;
  /** The sample value of full intensity: below 65535 for 10 and 12 bit AVIF, which libvips shifts up. */
  readonly white: number;
  /** Ask for the profile's conversion to sRGB, for spaces that are not kept. */
  readonly converts: boolean;
  readonly metadata: PhotoMetadata;
  readonly info: Omit<PhotoInfo, 'photo'>;
}

/**
 * Reads a file's header; where libvips does not know the format, the file is decoded into `folder` first (by a thread
 * that runs the module `decoders`). Throws the faults of `inspectInput`, `unreadable-image` for a
 * damaged header, `unsupported-format` for kinds of pixels that are not read, `too-large` for more than
 * INPUT_PIXELS_MAX pixels or more than the memory can hold where the decoder must hold all, `bad-option` for a
 * `page` that the file does not have.
 */
export async function describeSource(
  path: string,
  name: string,
  folder: string,
  {
    decoders,
    signal,
    page = 1,
    turn,
  }: {
    readonly decoders?: URL | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly page?: Page | undefined;
    /** How its pixels are turned, whatever the file says. */
    readonly turn?: Orientation | undefined;
  } = {},
): Promise<Source> {
  const fileFormat = await inspectInput(path, name);
  expectPaged(page, fileFormat, name);
  const place = { folder, entry: decoders, signal };
  const takenOut =
    page === EMBEDDED && isForeign(fileFormat)
      ? await takeOutJpeg({ path, name, format: fileFormat }, place)
      : undefined;
  const translated =
    !takenOut && isForeign(fileFormat)
      ? await translate({ path, name, format: fileFormat }, place)
      : undefined;
  const format = takenOut ? 'jpeg' : fileFormat;
  const pixels = takenOut?.path ?? translated?.path ?? path;
  /** Where what is carried beside the pixels lies. */
  const holder = takenOut?.path ?? path;
  const index = indexOf(page);
  let found: Metadata;
  let exif: Buffer | undefined;
  await withReader(holder, (read) => expectKnownKind(read, format, name, index));
  try {
    found = await sharp(pixels, { limitInputPixels: false }).metadata();
    if (index > 0) {
      expectPage(index + 1, found, name);
      found = await sharp(pixels, { limitInputPixels: false, page: index }).metadata();
    }
    // libvips gives EXIF of every format but TIFF; a JPEG in camera raw need not have any of its own.
    exif =
      found.exif ??
      (fileFormat === 'tiff' || fileFormat === 'raw'
        ? await withReader(path, (read) => readTiffExif(read, index))
        : undefined);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    await expectStillThere(path, name);
    throw unreadable(name, error);
  }
  expectPixels(found, name);
  const extra = await withReader(holder, (read) => unspecifiedSample(read, format, index));
  const kind = kindOf(found, extra, name);
  const stored = { width: found.width, height: found.height };
  const layout: PixelLayout = { ...stored, channels: kind.channels, depth: kind.depth };
  // Foreign decoders turn the picture themselves.
  const own = translated ? 1 : ORIENTATIONS.find((n) => n === found.orientation);
  const orientation = turn ?? (takenOut ? turnOf(takenOut, stored, own) : (own ?? 1));
  const colours = await withReader(holder, (read) => readColourSignal(read, format, kind.channels < 3));
  const embedded = found.icc && wholeProfile(found.icc);
  const icc = colours.icc ?? embedded;
  const told = await withReader(holder, async (read, length) => {
    if (format === 'jpeg' || format === 'png' || format === 'tiff')
      return readCarried(read, length, format, exif, index);
    const carried = { ...carriedOf(found), ...(exif && { exif }) };
    return format === 'avif' || format === 'heic' ? carriedOfIso(read, carried) : carried;
  });
  const { gainMap, ...carried }: Carried = takenOut && !told.exif && exif ? { ...told, exif } : told;
  const frames = await withReader(path, (read) => framesOf(read, fileFormat));
  const metadata: PhotoMetadata = {
    ...metadataOf(carried, icc, { grey: kind.channels < 3, converted: kind.converts, orientation }),
    ...(colours.codes && { codes: colours.codes }),
    ...(gainMap && { gainMap: await keepGainMap(holder, gainMap, folder, orientation) }),
  };
  const source: Source = {
    path,
    pixels,
    name,
    format,
    page,
    layout,
    orientation,
    white: whiteOf(format, found, layout),
    converts: kind.converts,
    metadata,
    info: {
      name: basename(name),
      ...orientedSize(stored, orientation),
      format: fileFormat,
      depth: layout.depth,
      grey: layout.channels < 3,
      alpha: layout.channels % 2 === 0,
      profile: metadata.icc ? profileName(metadata.icc) : null,
      density: metadata.density,
      gainMap: gainMap !== undefined,
      page,
      pages: pagesOf(found, fileFormat),
      embedded: takenOut !== undefined || (translated?.embedded ?? false),
      notes: [
        ...(takenOut ? [embeddedNote(orientedSize(stored, orientation), takenOut.developed)] : []),
        ...(translated?.notes ?? []),
        ...kind.notes,
        ...colours.notes,
        ...(metadata.lost ?? []),
        ...(found.icc && !embedded ? ['The colour profile is damaged and was left out.'] : []),
        ...(takenOut ? [] : pageNotes(found, index + 1, frames)),
      ],
    },
  };
  expectMemory(source, found);
  return source;
}

/**
 * A sharp pipeline that gives the source's pixels in its layout, numbers untouched. It fails at damage that
 * leaves no pixels; with `failOn` warning also where the decoder would fill in.
 */
export function decoderOf(
  { pixels, page, layout, converts }: Source,
  failOn: 'error' | 'warning' = 'error',
): Sharp {
  const options = { failOn, limitInputPixels: false, ignoreIcc: !converts } as const;
  const index = indexOf(page);
  const decoder = sharp(pixels, index === 0 ? options : { ...options, page: index });
  // A sample that means nothing comes as if it were opacity.
  const colours = layout.channels % 2 === 1 ? decoder.removeAlpha() : decoder;
  return colours.toColourspace(colourspaceOf(layout));
}

const GREY_SPACES = new Set<string>(['b-w', 'grey16']);
const RGB_SPACES = new Set<string>(['srgb', 'rgb', 'rgb16']);

const EXTRA_SAMPLES = 338;
const EXTRA_LEFT_OUT =
  'The file has a further channel that does not say what it means: it was not read as opacity, and is left out.';

interface Kind {
  readonly channels: number;
  readonly depth: 8 | 16;
  readonly converts: boolean;
  readonly notes: readonly string[];
}

function kindOf({ space, channels, depth }: Metadata, extra: boolean, name: string): Kind {
  const what = `${channels} channels of ${depth} in the colour space ${space}`;
  const refuse = (): FaultError =>
    new FaultError(
      'unsupported-format',
      `Expected grey, RGB or CMYK pixels of 8 or 16 bit in ${name}, found ${what}; save it with 16 bit RGB first.`,
      { file: name },
    );
  if (depth !== 'uchar' && depth !== 'ushort') throw refuse();
  const bits = depth === 'ushort' ? 16 : 8;
  const plain = (colours: 1 | 3): Kind =>
    extra && channels === colours + 1
      ? { channels: colours, depth: bits, converts: false, notes: [EXTRA_LEFT_OUT] }
      : { channels, depth: bits, converts: false, notes: [] };
  if (GREY_SPACES.has(space) && channels <= 2) return plain(1);
  if (RGB_SPACES.has(space) && (channels === 3 || channels === 4)) return plain(3);
  if (space !== 'cmyk' || channels !== 4) throw refuse();
  const notes = ['The photo is stored in CMYK and was converted to sRGB.'];
  return { channels: 3, depth: bits, converts: true, notes };
}

/** Whether a TIFF's sample beside its colours says nothing about what it means: it is no opacity. */
async function unspecifiedSample(read: ReadAt, format: InputFormat, page: number): Promise<boolean> {
  if (format !== 'tiff') return false;
  const [meaning] = (await (await readTiffDirectory(read, page))?.numbers(EXTRA_SAMPLES)) ?? [];
  return meaning === 0;
}

/** How the JPEG in camera raw is to be turned: as it says itself, else as the raw photo is. */
function turnOf({ orientation, developed }: TakenOut, stored: Size, own?: Orientation): Orientation {
  const turn = own ?? orientation;
  // Cameras store it as the sensor lies; one with the sides of what is developed is upright already, whatever LibRaw,
  // which gives a JPEG without EXIF that of the raw photo, made it say.
  const isUpright = turn >= 5 && developed.width > developed.height === stored.width > stored.height;
  return isUpright ? 1 : turn;
}

function whiteOf(format: InputFormat, { bitsPerSample }: Metadata, { depth }: PixelLayout): number {
  if (depth === 8) return 255;
  if (format !== 'avif' || bitsPerSample === undefined || bitsPerSample >= 16) return 65535;
  return (2 ** bitsPerSample - 1) * 2 ** (16 - bitsPerSample);
}

function expectPixels({ width, height }: Metadata, name: string): void {
  const pixels = width * height;
  if (pixels <= INPUT_PIXELS_MAX) return;
  throw new FaultError(
    'too-large',
    `Expected at most ${INPUT_PIXELS_MAX / 1e6} megapixels in ${name}, found ${width} x ${height} (${Math.round(pixels / 1e6)} megapixels); reduce or cut it first.`,
    { file: name },
  );
}

/** Decoders that cannot give rows before they have read all hold the picture about twice. */
function expectMemory({ name, format, layout }: Source, { isProgressive }: Metadata): void {
  if (!isProgressive && format !== 'webp' && format !== 'avif') return;
  const needed = 2 * pictureBytes(layout);
  const available = availableMemory();
  if (needed <= available) return;
  throw new FaultError(
    'too-large',
    `Expected at most ${inWords(available)} to decode ${name}, found that its ${layout.width} x ${layout.height} pixels need ${inWords(needed)} of memory, since this kind of file cannot be read in parts; close other programs, or save it as a plain (not progressive) JPEG or PNG.`,
    { file: name },
  );
}
