import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { area } from '../../../shared/geometry';
import { colourspaceOf, newSamples, bytesOf, pictureBytes, type PixelLayout } from '../scratch/layout';
import { blobsOf, type PhotoMetadata } from '../metadata/metadata';
import type { EncodingPlan } from './plan';
import type { Scratch } from '../scratch/scratch';
import { encodeHeader, encodeTrailer } from '../scratch/vipsFile';
import { sharp } from '../vips';

/** Pixels an inch where nobody says: the convention of screens, which JPEG files without one have. */
const DEFAULT_DENSITY = 72;
/** Up to here JPEG's tables are fitted to the picture (10 % smaller), for which libjpeg holds all of it. */
const FITTED_JPEG_PIXELS = 24_000_000;
/** Up to here PNG's rows are filtered each by the best of five filters: a third smaller, six times slower. */
const FILTERED_PNG_PIXELS = 48_000_000;
/** Pixels above this go into a BigTIFF: a TIFF ends at 4 GiB, and what compression saves is not known. */
const BIG_TIFF_BYTES = 3.9e9;
/** From this quality on colour keeps its full resolution. */
const FULL_COLOUR_QUALITY = 90;

/**
 * A pipeline from a scratch file to the plan's format, with the metadata.
 *
 * Colour: a TIFF's pixels stream through libvips with flat memory, but it carries no EXIF; a .v file carries all
 * metadata, but is mapped into memory whole. So a .v file of one row, written into `folder`, is put above
 * the TIFFs: the joined picture has the metadata of the first, and is cut back to the others.
 * Grey is in a .v file already (containers.ts).
 */
export async function encoderOf(
  pixels: Scratch,
  plan: EncodingPlan,
  metadata: PhotoMetadata,
  folder: string,
): Promise<Sharp> {
  const density = plan.density ?? DEFAULT_DENSITY;
  const options = { failOn: 'error', limitInputPixels: false, ignoreIcc: !plan.convertsGrey } as const;
  if (pixels.format === 'vips') {
    await pixels.describe(metadata, density);
    return formatted(sharp(pixels.paths[0]!, options), pixels, plan);
  }
  const { width, height, channels, depth } = pixels;
  const strip: PixelLayout = { width, height: 1, channels, depth };
  const carrier = join(folder, 'metadata.v');
  await writeFile(
    carrier,
    Buffer.concat([
      encodeHeader(strip, density),
      bytesOf(newSamples(strip, width)),
      encodeTrailer(blobsOf(metadata)),
    ]),
  );
  const joined = sharp([carrier, ...pixels.paths], {
    ...options,
    join: { across: 1, halign: 'left', valign: 'top' },
  });
  // Every cell of a joined picture is as high as its highest.
  return formatted(joined.extract({ left: 0, top: pixels.rowsPerFile, width, height }), pixels, plan);
}

/** The plan's settings for a pipeline of such pixels. */
export function formatted(from: Sharp, layout: PixelLayout, plan: EncodingPlan): Sharp {
  const kept = plan.convertsGrey ? from.keepExif().keepXmp() : from.keepMetadata();
  const described = kept.toColourspace(colourspaceOf(layout)).withDensity(plan.density ?? DEFAULT_DENSITY);
  return withFormat(described, layout, plan);
}

function withFormat(pipeline: Sharp, layout: PixelLayout, plan: EncodingPlan): Sharp {
  const { format, quality, storedBits } = plan;
  const pixels = area(layout);
  switch (format) {
    case 'png':
      return pipeline.png({ adaptiveFiltering: pixels <= FILTERED_PNG_PIXELS });
    case 'jpeg':
      return pipeline.jpeg({
        quality,
        optimizeCoding: pixels <= FITTED_JPEG_PIXELS,
        chromaSubsampling: quality >= FULL_COLOUR_QUALITY ? '4:4:4' : '4:2:0',
      });
    case 'webp':
      return pipeline.webp({ quality, effort: webpEffort(pixels) });
    case 'avif':
      return pipeline.avif({ quality, effort: avifEffort(pixels), bitdepth: storedBits === 12 ? 12 : 8 });
    case 'tiff':
      return pipeline.tiff({
        compression: 'deflate',
        predictor: 'horizontal',
        bigtiff: pictureBytes(layout) > BIG_TIFF_BYTES,
      });
  }
}

/** libwebp takes a second a megapixel at its usual effort. */
const webpEffort = (pixels: number): number => (pixels <= 16_000_000 ? 4 : 2);

/** libaom takes minutes for large pictures at its usual effort; the files grow by about a third. */
function avifEffort(pixels: number): number {
  if (pixels <= 2_000_000) return 4;
  return pixels <= 8_000_000 ? 2 : 0;
}
