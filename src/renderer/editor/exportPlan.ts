import type { Encoding, OutputFormat, PhotoInfo } from '../../shared/contract';
import type { Size } from '../../shared/geometry';

/** What the formats of an export can hold; said before the work, not after it. */
interface FormatTraits {
  readonly extension: string;
  /** Longest side in pixels that the format can hold. */
  readonly longestSide: number;
  readonly quality: { readonly usual: number } | null;
  readonly depths: readonly (8 | 16)[];
  /** Bits a channel that 16 become in the file. */
  readonly deepBits: 12 | 16;
  readonly alpha: boolean;
}

const LOSSY = { depths: [8], deepBits: 16, alpha: true } as const;
const LOSSLESS = {
  longestSide: 2 ** 31 - 1,
  quality: null,
  depths: [8, 16],
  deepBits: 16,
  alpha: true,
} as const;

export const FORMATS: Readonly<Record<OutputFormat, FormatTraits>> = {
  png: { ...LOSSLESS, extension: 'png' },
  jpeg: { ...LOSSY, extension: 'jpg', longestSide: 65_500, quality: { usual: 92 }, alpha: false },
  webp: { ...LOSSY, extension: 'webp', longestSide: 16_383, quality: { usual: 90 } },
  avif: {
    ...LOSSY,
    extension: 'avif',
    longestSide: 16_384,
    quality: { usual: 70 },
    depths: [8, 16],
    deepBits: 12,
  },
  tiff: { ...LOSSLESS, extension: 'tif' },
};

/** True where the format can hold a picture of this size. */
export const fits = (format: OutputFormat, size: Size): boolean =>
  Math.max(size.width, size.height) <= FORMATS[format].longestSide;

/** The largest scale at which this photo fits the format, rounded down to hundredths. */
export const largestScale = (format: OutputFormat, photo: Size): number =>
  Math.floor((FORMATS[format].longestSide / Math.max(photo.width, photo.height)) * 100) / 100;

/** The depth that a file will have: the one asked for where the format can, else 8. */
export function depthOf(encoding: Encoding, photo: PhotoInfo): 8 | 16 {
  const asked = encoding.depth ?? photo.depth;
  return FORMATS[encoding.format].depths.includes(asked) ? asked : 8;
}

/** A file name that says what was done: `portrait-x4-fsrcnn.png`. */
export function suggestName(photoName: string, scale: number, method: string, format: OutputFormat): string {
  const stem = photoName.replace(/\.[^.]{1,5}$/, '') || 'enlargement';
  const short = Number(scale.toFixed(3));
  return `${stem}-x${short}-${method}.${FORMATS[format].extension}`;
}

/** The name with the extension of another format, whatever extension it had. */
export function renameFor(name: string, format: OutputFormat): string {
  const known = Object.values(FORMATS).map((traits) => traits.extension);
  const stem = name.replace(new RegExp(`\\.(${[...known, 'jpeg', 'tiff'].join('|')})$`, 'i'), '');
  return `${stem}.${FORMATS[format].extension}`;
}

/** What keeps a text from being a file name on one of the systems; null: nothing. */
export function nameProblem(name: string): 'empty' | 'characters' | 'long' | null {
  const stem = name.replace(/\.[^.]*$/, '').trim();
  if (stem === '') return 'empty';
  if (/[\\/:*?"<>|]/.test(name) || Array.from(name).some((character) => character < ' ')) return 'characters';
  return name.length > 255 ? 'long' : null;
}
