import { FaultError } from '../../../shared/faults';
import {
  fits,
  FORMATS,
  namesOf,
  OUTPUT_FORMATS,
  writtenTraits,
  type OutputFormat,
} from '../../../shared/formats';
import { area, type Size } from '../../../shared/geometry';
import { inWords } from '../fileFaults';
import { availableMemory } from '../memory';

/** Memory of an encoder that holds the whole picture, bytes a pixel; `rich` is with alpha or 16 bit. */
interface HeldBytes {
  readonly plain: number;
  readonly rich: number;
}

/** Formats whose encoders hold the whole picture: measured at 16 to 100 megapixels, rounded up. */
export const HELD_BYTES: Readonly<Partial<Record<OutputFormat, HeldBytes>>> = {
  webp: { plain: 10, rich: 28 },
  avif: { plain: 36, rich: 56 },
  jxl: { plain: 60, rich: 90 },
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
  const { name } = FORMATS[format];
  const heldBytes = HELD_BYTES[format] ?? { plain: 0, rich: 0 };
  const what = `${size.width} x ${size.height} pixels`;
  if (!fits(format, size)) {
    throw new FaultError(
      'format-limit',
      `Expected at most ${writtenTraits(format).longestSide} pixels a side for ${name}, found ${what}; choose PNG or TIFF, or a smaller scale.`,
    );
  }
  const rich = picture.channels % 2 === 0 || picture.depth === 16;
  const needed = (rich ? heldBytes.rich : heldBytes.plain) * area(size);
  if (needed > availableBytes) {
    const streamed = OUTPUT_FORMATS.filter((one) => HELD_BYTES[one] === undefined);
    throw new FaultError(
      'format-limit',
      `Expected a size that fits in ${inWords(availableBytes)} of free memory, found that ${name} needs about ${inWords(needed)} for ${what}; choose ${namesOf(streamed, 'or')}, which need little.`,
    );
  }
  if (needed <= availableBytes / 2) return [];
  return [`${name} holds the whole picture while it is written: about ${inWords(needed)} of memory.`];
}
