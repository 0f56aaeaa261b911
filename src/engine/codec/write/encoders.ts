import type { Sharp } from 'sharp';
import { colourspaceOf, pictureBytes, type PixelLayout } from '../scratch/layout';
import type { PhotoMetadata } from '../metadata/metadata';
import type { EncodingPlan } from './plan';
import type { Scratch } from '../scratch/scratch';
import { sharp } from '../vips';

/** Pixels an inch that a .v file must tell; no file that is written has it from there. */
const SCREEN_DENSITY = 72;
/** Up to here JPEG's tables are fitted to the picture (10 % smaller), for which libjpeg holds all of it. */
const FITTED_JPEG_PIXELS = 24_000_000;
/** Up to here PNG's rows are filtered each by the best of five filters: a third smaller, six times slower. */
const FILTERED_PNG_PIXELS = 48_000_000;
/** Pixels above this go into a BigTIFF: a TIFF ends at 4 GiB, and what compression saves is not known. */
const BIG_TIFF_BYTES = 3.9e9;
/** From this quality on colour keeps its full resolution. */
const FULL_COLOUR_QUALITY = 90;

/**
 * A pipeline from a scratch file to the plan's format. What the photo carries is put around the encoded pixels
 * afterwards (carry/), as each container has it; libvips would write EXIF anew and lose of it what it does not know.
 */
export async function encoderOf(
  pixels: Scratch,
  plan: EncodingPlan,
  metadata: PhotoMetadata,
): Promise<Sharp> {
  const options = { failOn: 'error', limitInputPixels: false, ignoreIcc: !plan.convertsGrey } as const;
  if (pixels.format === 'vips') await pixels.describe(metadata, SCREEN_DENSITY);
  const [first, ...others] = pixels.paths;
  if (others.length === 0) return formatted(sharp(first!, options), pixels, plan);
  const { width, height } = pixels;
  const join = { across: 1, halign: 'left', valign: 'top' } as const;
  // Every cell of a joined picture is as high as its highest.
  const joined = sharp(pixels.paths, { ...options, join }).extract({ left: 0, top: 0, width, height });
  return formatted(joined, pixels, plan);
}

/** The plan's settings for a pipeline of such pixels. */
export const formatted = (from: Sharp, layout: PixelLayout, plan: EncodingPlan): Sharp =>
  withFormat(from.toColourspace(colourspaceOf(layout)), layout, plan);

function withFormat(pipeline: Sharp, layout: PixelLayout, plan: EncodingPlan): Sharp {
  const { format, quality, storedBits, pixels } = plan;
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
    case 'jxl':
      throw new RangeError('JPEG XL is written by an encoder of its own (jxl.ts)');
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
