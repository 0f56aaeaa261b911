import { rect, wholeOf, type Size } from '../../../shared/geometry';
import { colourOf } from '../color/alpha';
import type { Raster } from '../raster';
import { imresize8 } from '../resample/imresize';
import { cutOut } from '../window';

/** Inputs that are tried down from the largest, to find one whose enlargement has whole pixels. */
const TRIED = 64;
/** A misfit of the far edge that no figure shows, in output pixels. */
const EXACT = 1e-6;

/** Along one axis: the input's pixels, and the original's that are used. */
function fitting(length: number, scale: number): { input: number; used: number } {
  const largest = Math.floor(length / scale + EXACT);
  let best = { input: 0, used: 0, misfit: Infinity };
  for (let input = largest; input > Math.max(0, largest - TRIED); input--) {
    const used = Math.round(input * scale);
    const misfit = Math.abs(used - input * scale);
    if (used <= length && misfit < best.misfit) best = { input, used, misfit };
    if (best.misfit <= EXACT) break;
  }
  return best;
}

/** The sizes of `benchmarkPair`; 0 along an axis that is too short for the scale. */
export function benchmarkSizes(original: Size, scale: number): { input: Size; used: Size } {
  const across = fitting(original.width, scale);
  const down = fitting(original.height, scale);
  return {
    input: { width: across.input, height: down.input },
    used: { width: across.used, height: down.used },
  };
}

/**
 * An original and its input as the papers make them: cropped to a multiple of the scale (of a real one, to the largest
 * size that an input enlarges to in whole pixels), and reduced by MATLAB's bicubic, 8 bits. Alpha is left out. Null
 * where the original is too small for the scale.
 */
export function benchmarkPair(original: Raster, scale: number): { original: Raster; input: Raster } | null {
  const { input, used } = benchmarkSizes(original, scale);
  if (input.width === 0 || input.height === 0) return null;
  const colours = colourOf(original);
  const cropped = cutOut({ rect: wholeOf(colours), pixels: colours }, rect(0, 0, used.width, used.height));
  const reduced = imresize8(cropped, 1 / scale);
  return {
    original: cropped,
    input: cutOut({ rect: wholeOf(reduced), pixels: reduced }, rect(0, 0, input.width, input.height)),
  };
}
