import { WrongCall } from './exitStatus';

/** A print's long side at a density. */
export interface PrintSize {
  readonly longSidePixels: number;
  readonly densityPpi: number;
}

const MM_PER_INCH = 25.4;
const MM = { mm: 1, cm: 10, in: MM_PER_INCH } as const;
const PER_INCH = { dpi: 1, ppi: 1, dpcm: MM_PER_INCH / 10, ppcm: MM_PER_INCH / 10 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)\s*(mm|cm|in)\s*@\s*(\d+(?:\.\d+)?)\s*(dpi|ppi|dpcm|ppcm)$/i;

/**
 * Reads `30cm@300dpi`: a length in mm, cm or in, and a density in dpi or dpcm (ppi and ppcm mean the same),
 * 1 to 100,000 pixels an inch. Throws `WrongCall`.
 */
export function readPrint(text: string): PrintSize {
  const [, length, unit, density, per] = PATTERN.exec(text.trim()) ?? [];
  const longSideMm = Number(length) * MM[unit?.toLowerCase() as keyof typeof MM];
  const densityPpi = Number(density) * PER_INCH[per?.toLowerCase() as keyof typeof PER_INCH];
  const longSidePixels = Math.round((longSideMm / MM_PER_INCH) * densityPpi);
  if (!(longSidePixels >= 1 && densityPpi >= 1 && densityPpi <= 100_000)) {
    throw new WrongCall(
      `Expected --print to be a length of the long side at a density, such as 30cm@300dpi, 297mm@120dpcm or 12in@300dpi, received ${text}.`,
    );
  }
  return { longSidePixels, densityPpi };
}
