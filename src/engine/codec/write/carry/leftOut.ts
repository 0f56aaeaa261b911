import { FORMATS, type OutputFormat } from '../../../../shared/formats';
import type { PhotoMetadata } from '../../metadata/metadata';

/** Sentences about what a photo carries beside EXIF, XMP and its colours, in formats that have a place for these alone. */
export function leftOut(format: OutputFormat, { iptc, photoshop, texts = [] }: PhotoMetadata): string[] {
  const lost = [
    ...((iptc ?? photoshop) ? ['IPTC'] : []),
    ...texts.map(({ keyword }) => `the text "${keyword}"`),
  ];
  return lost.length > 0 ? [`${FORMATS[format].name} has no place for ${lost.join(', ')}: left out.`] : [];
}
