import { isEmpty, rect, sourceRect as reachedRect, type Rect, type Size } from '../../../shared/geometry';
import { premultiply, unpremultiply } from '../color/alpha';
import { hasAlpha, raster, type Raster } from '../raster';
import { resolveAxis } from './axis';
import { resampleReach, type KernelName } from './kernels';
import { resamplePlanes } from './passes';
import { axisWeights } from './weights';

/** Output pixels per source pixel, above 0: one for both axes, or one each. */
export type Scale = number | { readonly x: number; readonly y: number };

const perAxis = (scale: Scale): { x: number; y: number } =>
  typeof scale === 'number' ? { x: scale, y: scale } : scale;

/** The part of the photo that `resample` needs to make `output`. */
export function neededSource(
  output: Rect<'output'>,
  scale: Scale,
  kernel: KernelName,
  photo: Size,
): Rect<'source'> {
  const { x, y } = perAxis(scale);
  const across = reachedRect(output, x, resampleReach(kernel, x), photo);
  const down = reachedRect(output, y, resampleReach(kernel, y), photo);
  return rect<'source'>(across.x, down.y, across.width, down.height);
}

function check(source: Raster, sourceRect: Rect, photo: Size, scale: { x: number; y: number }): void {
  if (!(scale.x > 0 && scale.y > 0 && Number.isFinite(scale.x) && Number.isFinite(scale.y))) {
    throw new RangeError(`resample expects a scale above 0, received ${scale.x} x ${scale.y}`);
  }
  if (source.width !== sourceRect.width || source.height !== sourceRect.height) {
    throw new RangeError(
      `resample expects a source of its rectangle's ${sourceRect.width} x ${sourceRect.height} pixels, ` +
        `received ${source.width} x ${source.height}`,
    );
  }
  if (isEmpty(photo)) throw new RangeError(`resample expects a photo with pixels, received an empty one`);
}

/**
 * Exactly the pixels `output` of a photo's enlargement (or, below scale 1, its reduction).
 *
 * `source` holds the photo's pixels in `sourceRect`, at least `neededSource(...)`; `photo` is the size of
 * the whole, at whose borders pixels are mirrored as MATLAB's imresize does. Reducing widens the kernel
 * (except nearest). Every channel is treated alike: for pictures with alpha see `resampleWithAlpha`.
 * A tile has bit for bit the pixels that the whole would have. Overshoot is kept; quantising clips.
 * Throws RangeError where `source` does not hold what is needed.
 */
export function resample(
  source: Raster,
  sourceRect: Rect<'source'>,
  photo: Size,
  scale: Scale,
  output: Rect<'output'>,
  kernel: KernelName,
): Raster {
  const { x, y } = perAxis(scale);
  check(source, sourceRect, photo, { x, y });
  const result = raster(output.width, output.height, source.channels);
  if (isEmpty(output)) return result;
  const across = axisWeights(kernel, x, output.x, output.width);
  const down = axisWeights(kernel, y, output.y, output.height);
  const horizontal = resolveAxis(across, photo.width, sourceRect.x, sourceRect.width, 'column');
  const vertical = resolveAxis(down, photo.height, sourceRect.y, sourceRect.height, 'row');
  resamplePlanes(source.data, source.width, source.height, horizontal, vertical, result.data);
  return result;
}

/**
 * `resample` that weighs colours by their alpha, so that the hidden colours of transparent pixels do not
 * fringe their neighbours. The same as `resample` for pictures without alpha, and for nearest.
 */
export function resampleWithAlpha(
  source: Raster,
  sourceRect: Rect<'source'>,
  photo: Size,
  scale: Scale,
  output: Rect<'output'>,
  kernel: KernelName,
): Raster {
  if (!hasAlpha(source) || kernel === 'nearest') {
    return resample(source, sourceRect, photo, scale, output, kernel);
  }
  return unpremultiply(resample(premultiply(source), sourceRect, photo, scale, output, kernel));
}
