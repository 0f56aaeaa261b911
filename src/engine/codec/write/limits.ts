import type { OutputFormat } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { area, type Size } from '../../../shared/geometry';
import { inWords } from '../fileFaults';
import { availableMemory } from '../memory';

interface Limit {
  readonly name: string;
  /** Longest side in pixels; undefined: none that matters. */
  readonly sidePixels?: number;
  /** Memory, bytes a pixel, of encoders that hold the whole picture; more with alpha or 16 bit. */
  readonly heldBytes?: { readonly plain: number; readonly rich: number };
}

/**
 * Sides: libwebp's WEBP_MAX_DIMENSION, libjpeg's JPEG_MAX_DIMENSION, sharp's bound for AVIF. PNG and TIFF
 * hold 2^31 - 1 and 2^32 - 1. Memory: measured at 16 to 100 megapixels, rounded up.
 */
export const LIMITS: Readonly<Record<OutputFormat, Limit>> = {
  png: { name: 'PNG' },
  tiff: { name: 'TIFF' },
  jpeg: { name: 'JPEG', sidePixels: 65_500 },
  webp: { name: 'WebP', sidePixels: 16_383, heldBytes: { plain: 10, rich: 28 } },
  avif: { name: 'AVIF', sidePixels: 16_384, heldBytes: { plain: 36, rich: 56 } },
};

/**
 * What is known before any work: throws `format-limit` where the format cannot hold the size, or where its
 * encoder needs more memory than the machine has. Returns a note where it needs more than half of it.
 */
export function expectWithinLimits(
  format: OutputFormat,
  size: Size,
  picture: { readonly channels: number; readonly depth: 8 | 16 },
  availableBytes: number = availableMemory(),
): string[] {
  const { name, sidePixels = Infinity, heldBytes = { plain: 0, rich: 0 } } = LIMITS[format];
  const what = `${size.width} x ${size.height} pixels`;
  if (Math.max(size.width, size.height) > sidePixels) {
    throw new FaultError(
      'format-limit',
      `Expected at most ${sidePixels} pixels a side for ${name}, found ${what}; choose PNG or TIFF, or a smaller scale.`,
    );
  }
  const rich = picture.channels % 2 === 0 || picture.depth === 16;
  const needed = (rich ? heldBytes.rich : heldBytes.plain) * area(size);
  if (needed > availableBytes) {
    throw new FaultError(
      'format-limit',
      `Expected a size that fits in ${inWords(availableBytes)} of free memory, found that ${name} needs about ${inWords(needed)} for ${what}; choose PNG, JPEG or TIFF, which need little.`,
    );
  }
  if (needed <= availableBytes / 2) return [];
  return [`${name} holds the whole picture while it is written: about ${inWords(needed)} of memory.`];
}
