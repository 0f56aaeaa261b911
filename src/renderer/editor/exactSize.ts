import { outputSize, SCALE_MAX, SCALE_MIN, type Size } from '../../shared/geometry';

/**
 * Scale, pixels and centimetres of one enlargement, following one another. The scale is the truth; a number
 * that the user enters is turned into the scale that gives exactly it.
 */
export interface ExactSize extends Size {
  readonly scale: number;
  readonly widthCm: number;
  readonly heightCm: number;
  readonly megapixels: number;
}

const CM_PER_INCH = 2.54;
export const DPI_DEFAULT = 300;
export const DPI_MIN = 10;
export const DPI_MAX = 4800;

export const cmOf = (pixels: number, dpi: number): number => (pixels / dpi) * CM_PER_INCH;
export const pixelsOf = (cm: number, dpi: number): number => Math.round((cm / CM_PER_INCH) * dpi);

export function sizeAt(photo: Size, scale: number, dpi: number): ExactSize {
  const { width, height } = outputSize(photo, scale);
  return {
    scale,
    width,
    height,
    widthCm: cmOf(width, dpi),
    heightCm: cmOf(height, dpi),
    megapixels: (width * height) / 1e6,
  };
}

/** A scale, or in which direction the number entered leaves the range that can be made. */
export type ScaleChoice = { ok: true; scale: number } | { ok: false; limit: 'least' | 'most' };

function within(scale: number): ScaleChoice {
  if (scale < SCALE_MIN) return { ok: false, limit: 'least' };
  if (!(scale <= SCALE_MAX)) return { ok: false, limit: 'most' };
  return { ok: true, scale };
}

/** Where the rounded whole of `side` at `scale` must be `pixels`, and float division might miss it by one. */
export const scaleForPixels = (side: number, pixels: number): ScaleChoice => within(pixels / side);

export const scaleForCm = (side: number, cm: number, dpi: number): ScaleChoice =>
  scaleForPixels(side, pixelsOf(cm, dpi));

export const scaleForScale = within;

/** The range of an entered number, for the sentence that refuses one outside. */
export const pixelRange = (side: number): { least: number; most: number } => ({
  least: side * SCALE_MIN,
  most: side * SCALE_MAX,
});
