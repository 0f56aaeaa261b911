import type { Encoding, KeptPart } from '../../../shared/contract';
import type { Rect } from '../../../shared/geometry';
import { changedExif } from './exif';
import type { PhotoMetadata } from './metadata';
import { enlargedResources } from './photoshop';
import { changedXmp, withProvenance, type Provenance } from './xmp';

/** What an enlargement is of its photo. */
export interface Enlarged {
  /** The part that is written, in pixels of the whole enlargement. */
  readonly part: Rect<'output'>;
  readonly provenance: Provenance;
  readonly encoding: Pick<Encoding, 'density' | 'strip' | 'provenance'>;
}

/**
 * A photo's metadata as they are true of its enlargement: sizes, density and the frame of a panorama follow, what
 * is to be stripped is gone, and XMP says what made the picture. Without its colour profile the numbers mean sRGB:
 * whoever strips it converts the pixels.
 */
export function enlargedMetadata(
  metadata: PhotoMetadata,
  { part, provenance, encoding }: Enlarged,
): PhotoMetadata {
  const strip = new Set<KeptPart>(encoding.strip);
  const ppi = strip.has('density') ? null : (encoding.density ?? metadata.density);
  // A density that was asked for is meant for square pixels only where the photo has these.
  const density = ppi === null ? undefined : { x: ppi, y: ppi * (metadata.aspect ?? 1) };
  const withoutGps = strip.has('gps');
  const withoutDensity = strip.has('density');
  const exif =
    metadata.exif &&
    !strip.has('exif') &&
    changedExif(metadata.exif, { size: part, withoutGps, withoutDensity, ...(density && { density }) });
  const described = strip.has('xmp') ? bare(metadata) : metadata;
  const changed =
    described.xmp &&
    changedXmp(described.xmp, {
      size: part,
      left: part.x,
      top: part.y,
      scale: provenance.scale,
      withoutGps,
      withoutDensity,
      ...(density && { density }),
    });
  const isTold = encoding.provenance ?? true;
  const xmp = isTold && !strip.has('xmp') ? withProvenance(changed, provenance) : changed;
  const photoshop = described.photoshop && enlargedResources(described.photoshop, density);
  const { icc, codes, gainMap, gainMapSegment, ...shown } = bare(metadata);
  return {
    ...shown,
    ...(!strip.has('profile') && { ...(icc && { icc }), ...(codes && { codes }) }),
    ...(gainMap && !strip.has('gainmap') && { gainMap, ...(gainMapSegment && { gainMapSegment }) }),
    ...(described.iptc && { iptc: described.iptc }),
    ...(described.texts && { texts: described.texts }),
    ...(exif && { exif }),
    ...(xmp && { xmp }),
    ...(photoshop && { photoshop }),
    density: ppi,
  };
}

/** How the pixels are to be shown, and no more. */
function bare(metadata: PhotoMetadata): PhotoMetadata {
  const { icc, codes, gainMap, gainMapSegment, density, aspect, lost } = metadata;
  return {
    ...(icc && { icc }),
    ...(codes && { codes }),
    ...(gainMap && { gainMap }),
    ...(gainMapSegment && { gainMapSegment }),
    density,
    ...(aspect !== undefined && { aspect }),
    ...(lost && { lost }),
  };
}
