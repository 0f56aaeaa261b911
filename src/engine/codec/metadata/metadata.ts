import type { Metadata } from 'sharp';
import type { CodePoints } from '../containers/isoBoxes';
import { profileSpace } from './icc';
import { uprightExif, uprightXmp } from './exif';

/** What a photo carries beside its pixels, for the enlargement to carry on. */
export interface PhotoMetadata {
  readonly icc?: Buffer;
  /** High dynamic range as the container told it, for formats that can tell it again. */
  readonly codes?: CodePoints;
  /** With "Exif\0\0" in front; orientation 1, since it has been applied. */
  readonly exif?: Buffer;
  readonly xmp?: Buffer;
  readonly iptc?: Buffer;
  /** Pixels an inch; null where the file says nothing. */
  readonly density: number | null;
}

/** `converted`: the pixels were converted to sRGB, so that the file's profile is not theirs any more. */
export function metadataOf(found: Metadata, grey: boolean, converted: boolean): PhotoMetadata {
  // A profile that explains other numbers than these would colour the enlargement wrongly.
  const fits = found.icc && profileSpace(found.icc) === (grey ? 'grey' : 'rgb') && !converted;
  return {
    ...(fits && found.icc && { icc: found.icc }),
    ...(found.exif && { exif: uprightExif(found.exif) }),
    ...(found.xmp && { xmp: uprightXmp(found.xmp) }),
    ...(found.iptc && { iptc: found.iptc }),
    density: found.density ?? null,
  };
}

/** The blobs as libvips names them. */
export function blobsOf({ icc, exif, xmp, iptc }: PhotoMetadata): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  if (icc) blobs.set('icc-profile-data', icc);
  if (exif) blobs.set('exif-data', exif);
  if (xmp) blobs.set('xmp-data', xmp);
  if (iptc) blobs.set('iptc-data', iptc);
  return blobs;
}
