import type { Size } from './geometry';

/** What a format that is written can hold. Sides in pixels, bits a channel. */
export interface WrittenTraits {
  /** Longest side that the format, or its encoder here, can hold. */
  readonly longestSide: number;
  /** Bits in the file where 8 and where 16 are asked for. */
  readonly bits: { readonly 8: 8; readonly 16: 8 | 12 | 16 };
  readonly alpha: boolean;
  /** Grey pixels stay one channel under a grey profile. */
  readonly grey: boolean;
  /** A gain map for high dynamic range is attached to it. */
  readonly gainMap: boolean;
  /** 1 to 100 where nobody says; null: the format loses nothing and has no quality. */
  readonly quality: number | null;
}

export interface FormatTraits {
  readonly name: string;
  /** Extensions by which its files are known, the one that is written first. */
  readonly extensions: readonly [string, ...string[]];
  /** Whether it can be opened. */
  readonly read: boolean;
  /** What it can hold where it is written; null: it is only opened. */
  readonly written: WrittenTraits | null;
}

/** Beyond any picture: PNG holds 2^31 - 1, TIFF 2^32 - 1. */
const UNLIMITED = 2 ** 31 - 1;
const LOSSLESS = {
  longestSide: UNLIMITED,
  bits: { 8: 8, 16: 16 },
  alpha: true,
  grey: true,
  gainMap: false,
  quality: null,
} as const;

/**
 * Every format there is, known once: the doors, the page and the engine ask here. Longest sides: libjpeg's
 * JPEG_MAX_DIMENSION, libwebp's WEBP_MAX_DIMENSION, libvips' bound for AVIF.
 */
export const FORMATS = {
  png: { name: 'PNG', extensions: ['png'], read: true, written: LOSSLESS },
  jpeg: {
    name: 'JPEG',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
    read: true,
    written: {
      longestSide: 65_500,
      bits: { 8: 8, 16: 8 },
      alpha: false,
      grey: true,
      gainMap: true,
      quality: 92,
    },
  },
  webp: {
    name: 'WebP',
    extensions: ['webp'],
    read: true,
    written: {
      longestSide: 16_383,
      bits: { 8: 8, 16: 8 },
      alpha: true,
      grey: false,
      gainMap: false,
      quality: 90,
    },
  },
  avif: {
    name: 'AVIF',
    extensions: ['avif'],
    read: true,
    written: {
      longestSide: 16_384,
      bits: { 8: 8, 16: 12 },
      alpha: true,
      grey: false,
      gainMap: false,
      quality: 70,
    },
  },
  jxl: {
    name: 'JPEG XL',
    extensions: ['jxl'],
    read: true,
    written: {
      longestSide: 32_768,
      bits: { 8: 8, 16: 16 },
      alpha: true,
      grey: true,
      gainMap: false,
      quality: 90,
    },
  },
  tiff: { name: 'TIFF', extensions: ['tiff', 'tif'], read: true, written: LOSSLESS },
  gif: { name: 'GIF', extensions: ['gif'], read: true, written: null },
  heic: { name: 'HEIC', extensions: ['heic', 'heif', 'hif'], read: true, written: null },
  jp2: { name: 'JPEG 2000', extensions: ['jp2', 'j2k', 'j2c', 'jpf'], read: true, written: null },
  bmp: { name: 'BMP', extensions: ['bmp', 'dib'], read: true, written: null },
  pnm: { name: 'PNM', extensions: ['ppm', 'pgm', 'pbm', 'pnm'], read: true, written: null },
  raw: {
    name: 'camera raw',
    // prettier-ignore
    extensions: ['dng', 'nef', 'nrw', 'cr2', 'cr3', 'arw', 'sr2', 'raf', 'orf', 'rw2', 'pef', 'srw', '3fr', 'iiq', 'rwl'],
    read: true,
    written: null,
  },
} as const satisfies Readonly<Record<string, FormatTraits>>;

export type Format = keyof typeof FORMATS;
/** A format whose files can be opened. */
export type InputFormat = { [F in Format]: (typeof FORMATS)[F]['read'] extends true ? F : never }[Format];
/** A format that enlargements are written in. */
export type OutputFormat = {
  [F in Format]: (typeof FORMATS)[F]['written'] extends WrittenTraits ? F : never;
}[Format];

const TRAITS: Readonly<Record<Format, FormatTraits>> = FORMATS;
const ALL = Object.keys(FORMATS) as Format[];
export const INPUT_FORMATS = ALL.filter((format): format is InputFormat => TRAITS[format].read);
export const OUTPUT_FORMATS = ALL.filter((format): format is OutputFormat => TRAITS[format].written !== null);

/** What a format that is written can hold. */
export const writtenTraits = (format: OutputFormat): WrittenTraits => FORMATS[format].written;

/** Formats that are written and fit, such as those that hold 16 bits. */
export const formatsThat = (fit: (traits: WrittenTraits) => boolean): OutputFormat[] =>
  OUTPUT_FORMATS.filter((format) => fit(writtenTraits(format)));

/** Holds more than 8 bits a channel. */
export const isDeep = ({ bits }: WrittenTraits): boolean => bits[16] > 8;
/** Is written with a quality. */
export const isLossy = ({ quality }: WrittenTraits): boolean => quality !== null;

/** `JPEG, PNG or TIFF`: the formats' names as a sentence has them. */
export function namesOf(formats: readonly Format[], last: 'and' | 'or'): string {
  const names = formats.map((format) => FORMATS[format].name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)!}`;
}

/** Extensions of the pictures that can be opened, without dots, in small letters. */
export const OPENABLE: readonly string[] = INPUT_FORMATS.flatMap((format) => [...FORMATS[format].extensions]);

/** Extensions of pictures that people have and that cannot be opened: left out of a folder with a word, not in silence. */
// prettier-ignore
export const UNREAD: readonly string[] = [
  ...['gpr', 'x3f', 'crw', 'mrw', 'erf', 'mef', 'mos', 'dcr', 'kdc', 'srf', 'fff', 'cap', 'lfp'], // camera raw
  ...['psd', 'psb', 'xcf', 'kra', 'afphoto', 'ai', 'eps', 'svg', 'clip'], // of editors
  ...['exr', 'hdr', 'tga', 'ico', 'icns', 'dds', 'pcx', 'jxr', 'wdp', 'jpm', 'jls', 'qoi', 'avifs', 'heics', 'jpx'],
];

/** What a browser's file input shows: pictures, and by extension those whose media type a system may not know. */
export const OPENABLE_ACCEPT = ['image/*', ...OPENABLE.map((extension) => `.${extension}`)].join(',');

/** True where the format can hold a picture of this size. */
export const fits = (format: OutputFormat, size: Size): boolean =>
  Math.max(size.width, size.height) <= writtenTraits(format).longestSide;

/** The largest scale at which this photo fits the format, rounded down to hundredths. */
export const largestScale = (format: OutputFormat, photo: Size): number =>
  Math.floor((writtenTraits(format).longestSide / Math.max(photo.width, photo.height)) * 100) / 100;

/**
 * The depth that an encoder is given: the one asked for, or without that the photo's own, where the format
 * holds more than 8 bits; else 8. How many bits the file has then is `bits` of its traits.
 */
export function depthIn(
  format: OutputFormat,
  asked: 8 | 16 | undefined,
  photo: { readonly depth: 8 | 16 },
): 8 | 16 {
  return isDeep(writtenTraits(format)) ? (asked ?? photo.depth) : 8;
}
