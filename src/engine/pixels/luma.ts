import { greyToLuma, lumaToGrey, toYcbcr } from '../kernels/color/ycbcr';
import { plane, raster, type Raster } from '../kernels/raster';

/** What `value` becomes under a function of grey pictures. */
const at = (of: (grey: Raster) => Raster, value: number): number =>
  of(raster(1, 1, 1, Float32Array.of(value))).data[0]!;

/** Grey = gain * luma + offset, for luma in studio swing. */
export const GREY_OFFSET = at(lumaToGrey, 0);
export const GREY_GAIN = at(lumaToGrey, 1) - GREY_OFFSET;

/** The grey that has a colour's luma is this sum of its red, green and blue. They add up to 1. */
export const [RED, GREEN, BLUE] = (() => {
  const primaries = toYcbcr(raster(3, 1, 3, Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)));
  const greys = lumaToGrey(raster(3, 1, 1, primaries.data.slice(0, 3))).data;
  return [greys[0]!, greys[1]!, greys[2]!] as const;
})();

const BLACK = at(greyToLuma, 0);
const SWING = at(greyToLuma, 1) - BLACK;

/** What a network that sees luma is given: that of a picture's colours, or of its grey. A new raster. */
export function lumaOf(colours: Raster): Raster {
  if (colours.channels === 1) return greyToLuma(colours);
  const luma = raster(colours.width, colours.height, 1);
  const [reds, greens, blues] = [plane(colours, 0), plane(colours, 1), plane(colours, 2)];
  const [r, g, b] = [RED * SWING, GREEN * SWING, BLUE * SWING];
  for (let i = 0; i < reds.length; i++) {
    luma.data[i] = BLACK + r * reds[i]! + g * greens[i]! + b * blues[i]!;
  }
  return luma;
}
