import * as v from 'valibot';
import { scaleSchema } from '../../shared/enlargement';
import { outputSize, SCALE_MAX, SCALE_MIN, type Size } from '../../shared/geometry';

/**
 * How large an enlargement is to be: what the user asked for stays what was asked for, so that one target
 * applied to several photos gives each its own scale. `long`: the longer side of whatever is enlarged.
 */
const sideSchema = v.picklist(['width', 'height', 'long']);
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

export const targetSchema = v.variant('by', [
  v.object({ by: v.literal('scale'), scale: scaleSchema }),
  v.object({ by: v.literal('pixels'), side: sideSchema, pixels: v.pipe(positive, v.integer()) }),
  v.object({ by: v.literal('megapixels'), megapixels: positive }),
  /** A size on paper, at the density of the settings that the target belongs to. */
  v.object({ by: v.literal('print'), side: sideSchema, cm: positive }),
]);
export type Target = Readonly<v.InferOutput<typeof targetSchema>>;
export type Side = v.InferOutput<typeof sideSchema>;

/** Scale, pixels and centimetres of one enlargement, following one another. */
export interface ExactSize extends Size {
  readonly scale: number;
  readonly widthCm: number;
  readonly heightCm: number;
  readonly megapixels: number;
}

const CM_PER_INCH = 2.54;
/** Pixels an inch. */
export const DPI_DEFAULT = 300;
export const DPI_MIN = 10;
export const DPI_MAX = 4800;

export const cmOf = (pixels: number, dpi: number): number => (pixels / dpi) * CM_PER_INCH;
export const pixelsOf = (cm: number, dpi: number): number => Math.round((cm / CM_PER_INCH) * dpi);

export function sizeAt(source: Size, scale: number, dpi: number): ExactSize {
  const { width, height } = outputSize(source, scale);
  return {
    scale,
    width,
    height,
    widthCm: cmOf(width, dpi),
    heightCm: cmOf(height, dpi),
    megapixels: (width * height) / 1e6,
  };
}

const lengthOf = (source: Size, side: Side): number =>
  side === 'long' ? Math.max(source.width, source.height) : source[side];

/** The scale that a target stands for, before any limit; `dpi` counts for a size on paper only. */
function wantedScale(target: Target, source: Size, dpi: number): number {
  switch (target.by) {
    case 'scale':
      return target.scale;
    case 'pixels':
      return target.pixels / lengthOf(source, target.side);
    case 'megapixels':
      return Math.sqrt((target.megapixels * 1e6) / (source.width * source.height));
    case 'print':
      return pixelsOf(target.cm, dpi) / lengthOf(source, target.side);
  }
}

/** The enlargement factor of a target for this photo or region: the nearest that can be made, 1 to 30. */
export const scaleOf = (target: Target, source: Size, dpi: number): number =>
  Math.min(SCALE_MAX, Math.max(SCALE_MIN, wantedScale(target, source, dpi)));

/** Whether a target can be made as it is; else on which side it leaves the range of scales. */
export type Reach = { ok: true } | { ok: false; limit: 'least' | 'most' };

export function reachOf(target: Target, source: Size, dpi: number): Reach {
  const scale = wantedScale(target, source, dpi);
  if (scale < SCALE_MIN) return { ok: false, limit: 'least' };
  return scale <= SCALE_MAX ? { ok: true } : { ok: false, limit: 'most' };
}

/** The range of an entered number of pixels, for the sentence that refuses one outside. */
export const pixelRange = (side: number): { least: number; most: number } => ({
  least: side * SCALE_MIN,
  most: side * SCALE_MAX,
});

/** Usual sizes of paper and of screens, by the longer side. */
export const SIZE_PRESETS = [
  { id: 'photo10x15', target: { by: 'print', side: 'long', cm: 15 } },
  { id: 'photo13x18', target: { by: 'print', side: 'long', cm: 18 } },
  { id: 'a4', target: { by: 'print', side: 'long', cm: 29.7 } },
  { id: 'a3', target: { by: 'print', side: 'long', cm: 42 } },
  { id: 'fullHd', target: { by: 'pixels', side: 'long', pixels: 1920 } },
  { id: 'uhd4k', target: { by: 'pixels', side: 'long', pixels: 3840 } },
  { id: 'uhd8k', target: { by: 'pixels', side: 'long', pixels: 7680 } },
  { id: 'x2', target: { by: 'scale', scale: 2 } },
] as const satisfies readonly { id: string; target: Target }[];

/** How a print looks at its density, pixels an inch: at reading distance the eye resolves about 300. */
export type PrintVerdict = 'coarse' | 'soft' | 'good' | 'fine';

export function verdictOf(dpi: number): PrintVerdict {
  if (dpi < 90) return 'coarse';
  if (dpi < 150) return 'soft';
  return dpi < 240 ? 'good' : 'fine';
}
