import type { Encoding } from '../../../shared/contract';
import type { Rect } from '../../../shared/geometry';
import { changedExif } from './exif';
import type { PhotoMetadata } from './metadata';
import { enlargedResources } from './photoshop';
import { changedXmp, withProvenance, type Provenance } from './xmp';

/** What an enlargement is of its photo. */
export interface Enlarged {
  /** The part that is written, in pixels of the whole enlargement. */
  readonly part: Rect<'output'>;
  readonly made: Provenance;
  readonly encoding: Pick<Encoding, 'density' | 'strip' | 'provenance'>;
}

/**
 * A photo's metadata as they are true of its enlargement: sizes, density and the frame of a panorama follow, what
 * is to be stripped is gone, and XMP says what made the picture. A colour profile is no metadata: without it
 * the numbers would mean other colours, so that it stays in any case.
 */
export function enlargedMetadata(metadata: PhotoMetadata, { part, made, encoding }: Enlarged): PhotoMetadata {
  const ppi = encoding.density ?? metadata.density;
  // A density that was asked for is meant for square pixels only where the photo has these.
  const density = ppi === null ? undefined : { x: ppi, y: ppi * (metadata.aspect ?? 1) };
  const { strip, provenance = true } = encoding;
  const told = strip === 'all' ? bare(metadata) : metadata;
  const withoutGps = strip === 'gps';
  const exif = told.exif && changedExif(told.exif, { size: part, withoutGps, ...(density && { density }) });
  const changed =
    told.xmp &&
    changedXmp(told.xmp, {
      size: part,
      left: part.x,
      top: part.y,
      scale: made.scale,
      withoutGps,
      ...(density && { density }),
    });
  const xmp = provenance && strip !== 'all' ? withProvenance(changed, made) : changed;
  const photoshop = told.photoshop && enlargedResources(told.photoshop, density);
  return {
    ...bare(told),
    ...(told.iptc && { iptc: told.iptc }),
    ...(told.texts && { texts: told.texts }),
    ...(exif && { exif }),
    ...(xmp && { xmp }),
    ...(photoshop && { photoshop }),
    density: ppi,
  };
}

/** How the pixels are to be shown, and no more. */
function bare({ icc, codes, density, aspect, lost }: PhotoMetadata): PhotoMetadata {
  return {
    ...(icc && { icc }),
    ...(codes && { codes }),
    density,
    ...(aspect !== undefined && { aspect }),
    ...(lost && { lost }),
  };
}
