import { outputSize, type Rect, type Size } from '../../shared/geometry';
import type { Raster } from '../kernels/raster';
import type { Window } from '../kernels/window';

/** A part of a photo, from which `output` is to be made at `scale`. */
export interface Enlarging {
  readonly source: Window<'source'>;
  /** Size of the whole photo. */
  readonly photo: Size;
  readonly scale: number;
  readonly output: Rect<'output'>;
}

/** What a network made, on its own grid: finer than the output's, coarser, or just right. */
export interface MethodOutput {
  readonly window: Window;
  /** Size of that whole grid. */
  readonly size: Size;
  /** Pixels of that grid per pixel of the photo. */
  readonly factor: number;
  /** Luma alone, or all colours. */
  readonly holds: 'luma' | 'colours';
  /** Colours are less this enlargement of the photo, which is still to be added. */
  readonly base?: 'bilinear' | 'bicubic';
}

/** All pixels of a part, in colour and on the output's own grid, less the photo's enlargement `base`. */
export const atOutput = (
  pixels: Raster,
  base: MethodOutput['base'],
  { photo, scale, output }: Enlarging,
): MethodOutput => ({
  window: { rect: output, pixels },
  size: outputSize(photo, scale),
  factor: scale,
  holds: 'colours',
  ...(base && { base }),
});
