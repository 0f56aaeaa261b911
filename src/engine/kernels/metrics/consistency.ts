import { wholeOf } from '../../../shared/geometry';
import { colourOf } from '../color/alpha';
import type { Raster } from '../raster';
import { resample } from '../resample/resample';
import { measureLuma } from './index';

/**
 * How far a result is from its input once it is reduced again: PSNR in dB of luma, 8 bits, no border, by the
 * antialiased bicubic that made the input. Null where nothing differs. It needs no reference. Alpha is left out.
 */
export function consistency(input: Raster, result: Raster): number | null {
  const colours = colourOf(result);
  const whole = wholeOf<'source'>(colours);
  const scale = { x: input.width / result.width, y: input.height / result.height };
  const reduced = resample(colours, whole, colours, scale, wholeOf<'output'>(input), 'bicubic');
  return measureLuma(colourOf(input), reduced, { border: 0 }).psnrY;
}
