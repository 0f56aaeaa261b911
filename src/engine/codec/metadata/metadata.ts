import type { Metadata } from 'sharp';
import type { CodePoints } from '../containers/isoBoxes';
import type { TextEntry } from '../containers/pngChunks';
import { exifDensity, uprightExif } from './exif';
import type { AttachedGainMap, GainMap } from './gainMap';
import { profileSpace } from './icc';
import { uprightXmp } from './xmp';

/** What a photo carries beside its pixels, for the enlargement to carry on. */
export interface PhotoMetadata {
  readonly icc?: Buffer;
  /** High dynamic range as the container told it, for formats that can tell it again. */
  readonly codes?: CodePoints;
  /** With "Exif\0\0" in front; orientation 1, since it has been applied. */
  readonly exif?: Buffer;
  readonly xmp?: Buffer;
  /** IPTC records (IIM), bare. */
  readonly iptc?: Buffer;
  /** Photoshop's image resources, without the IPTC among them. */
  readonly photoshop?: Buffer;
  /** Texts under keywords, as PNG has them; a comment of a JPEG is one under "Comment". */
  readonly texts?: readonly TextEntry[];
  /** Pixels an inch from left to right; null where the file tells no unit, or nothing. */
  readonly density: number | null;
  /** Density from top to bottom by that from left to right, where pixels are not square. */
  readonly aspect?: number;
  /** How much brighter each place is in high dynamic range; for JPEG. */
  readonly gainMap?: GainMap;
  /** What ISO 21496-1 has in a picture's own segment: of a photo that there is a gain map, of a map its parameters. */
  readonly gainMapSegment?: Buffer;
  /** Sentences about what was attached to the file and is not carried on. */
  readonly lost?: readonly string[];
}

/** What a container's own reader found (readCarried.ts). */
export type Carried = Omit<PhotoMetadata, 'icc' | 'codes' | 'gainMap'> & {
  readonly gainMap?: AttachedGainMap;
};

/** `converted`: the pixels were converted to sRGB, so that the file's profile is not theirs any more. */
export function metadataOf(
  carried: Omit<Carried, 'gainMap'>,
  icc: Buffer | undefined,
  { grey, converted, orientation }: { grey: boolean; converted: boolean; orientation: number },
): PhotoMetadata {
  // A profile that explains other numbers than these would colour the enlargement wrongly.
  const fits = icc && profileSpace(icc) === (grey ? 'grey' : 'rgb') && !converted;
  const { exif, xmp } = carried;
  return {
    ...carried,
    ...(fits && { icc }),
    ...(exif && { exif: uprightExif(exif) }),
    ...(xmp && { xmp: uprightXmp(xmp) }),
    ...shapeOf(carried, orientation >= 5),
  };
}

/** What a file can mean by its density, pixels an inch, and by the shape of its pixels; else it is damaged. */
const DENSITIES = [0.1, 100_000] as const;
const ASPECTS = [1 / 64, 64] as const;
/** One pixel a millimetre: what libvips, and so much of the web, writes where nobody told a density. */
const UNTOLD_PPI = 25.4;

/** Whether pixels can have this ratio of densities. */
const isShape = (aspect: number): boolean => inRange(aspect, ASPECTS) !== null;

const inRange = (value: number | null, [least, most]: readonly [number, number]): number | null =>
  value !== null && value >= least && value <= most ? value : null;

/**
 * What a container's two densities mean, `perInch` of their unit an inch (null: they have none): a density in pixels an
 * inch, and the ratio of pixels that are not square.
 */
export function densityOf(x: number, y: number, perInch: number | null): Pick<Carried, 'density' | 'aspect'> {
  if (!(x > 0) || !(y > 0)) return { density: null };
  const aspect = y / x;
  if (!isShape(aspect)) return { density: null };
  return {
    density: perInch === null ? null : Math.round(x * perInch * 1000) / 1000,
    ...(Math.abs(aspect - 1) > 1e-3 && { aspect }),
  };
}

/** Density and the shape of pixels: the container's word, else EXIF's; `turned`: width and height are exchanged. */
function shapeOf(carried: Omit<Carried, 'gainMap'>, turned: boolean): Pick<Carried, 'density' | 'aspect'> {
  const told = carried.density === null && carried.aspect === undefined && carried.exif;
  const inExif = told ? exifDensity(told) : undefined;
  const found = inRange(inExif?.x ?? carried.density, DENSITIES);
  const density = found !== null && Math.abs(found - UNTOLD_PPI) < 1e-3 ? null : found;
  const aspect = inRange(inExif ? inExif.y / inExif.x : (carried.aspect ?? 1), ASPECTS) ?? 1;
  if (Math.abs(aspect - 1) < 1e-3) return { density };
  return turned
    ? { density: density === null ? null : density * aspect, aspect: 1 / aspect }
    : { density, aspect };
}

/** What sharp's reader gives for formats that have no reader of their own here. */
export const carriedOf = (found: Metadata): Carried => ({
  ...(found.exif && { exif: found.exif }),
  ...(found.xmp && { xmp: found.xmp }),
  ...(found.iptc && { iptc: found.iptc }),
  density: null,
});

/** The blobs as libvips names them. */
export function blobsOf({ icc, exif, xmp }: PhotoMetadata): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  if (icc) blobs.set('icc-profile-data', icc);
  if (exif) blobs.set('exif-data', exif);
  if (xmp) blobs.set('xmp-data', xmp);
  return blobs;
}
