import type { Sharp } from 'sharp';
import { area } from '../../shared/geometry';
import { DEFAULT_DENSITY, type Scratch } from './scratch';
import type { EncodingPlan } from './plan';
import { colourspaceOf, fileBytes, type PixelLayout } from './vipsFile';
import { sharp } from './vips';

/** Up to here JPEG's tables are fitted to the picture (10 % smaller), for which libjpeg holds all of it. */
const FITTED_JPEG_PIXELS = 24_000_000;
/** Up to here PNG's rows are filtered each by the best of five filters: a third smaller, six times slower. */
const FILTERED_PNG_PIXELS = 48_000_000;
/** Pixels above this go into a BigTIFF: a TIFF ends at 4 GiB, and what compression saves is not known. */
const BIG_TIFF_BYTES = 3.9e9;
/** From this quality on colour keeps its full resolution. */
const FULL_COLOUR_QUALITY = 90;

/** A pipeline from a described scratch file to the plan's format. */
export function encoderOf(pixels: Scratch, plan: EncodingPlan): Sharp {
  const from = sharp(pixels.path, { limitInputPixels: false, ignoreIcc: !plan.convertsGrey });
  return formatted(from, pixels, plan);
}

/** The same settings for another pipeline of such pixels, such as a sample of them. */
export function formatted(from: Sharp, pixels: Scratch, plan: EncodingPlan): Sharp {
  const density = plan.density ?? DEFAULT_DENSITY;
  const kept = plan.convertsGrey ? from.keepExif().keepXmp() : from.keepMetadata();
  // The file's header tells the density already; this one is for TIFF, which asks for it.
  return withFormat(kept.toColourspace(colourspaceOf(pixels)).withDensity(density), pixels, plan);
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
      return pipeline.webp({ quality, smartSubsample: quality >= FULL_COLOUR_QUALITY });
    case 'avif':
      return pipeline.avif({ quality, effort: avifEffort(pixels), bitdepth: storedBits === 12 ? 12 : 8 });
    case 'tiff':
      return pipeline.tiff({
        compression: 'deflate',
        predictor: 'horizontal',
        bigtiff: fileBytes(layout) > BIG_TIFF_BYTES,
      });
  }
}

/** libaom takes minutes for large pictures at its usual effort; the files grow by about a third. */
function avifEffort(pixels: number): number {
  if (pixels <= 2_000_000) return 4;
  return pixels <= 8_000_000 ? 2 : 0;
}
