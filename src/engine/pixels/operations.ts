import type { Rect, Size } from '../../shared/geometry';
import { alphaOf, colourOf, withAlpha } from '../color/alpha';
import { greyToLuma, lumaToGrey, toRgb, toYcbcr } from '../color/ycbcr';
import { colourChannels, plane, raster, type Raster } from '../raster';
import type { KernelName } from '../resample/kernels';
import { resample, resampleWithAlpha } from '../resample/resample';
import { cutOut, type Window } from '../window';
import { finishAs, type Finish, type Finished, type FinishKind } from './finish';

/**
 * The work on pixels around a network's run, and all of an interpolation: pure functions of data that can
 * cross to another thread. Arguments are given away: whoever calls may not use their pixels afterwards.
 */

/** A part of a photo, from which `output` is to be made at `scale`. */
export interface Enlarging {
  readonly source: Window<'source'>;
  /** Size of the whole photo. */
  readonly photo: Size;
  readonly scale: number;
  readonly output: Rect<'output'>;
}

/** What a network made, on a grid that is `scale` / `factor` times too fine for the output, or just right. */
export interface Made {
  readonly window: Window;
  /** Size of that whole grid. */
  readonly size: Size;
  /** Pixels of that grid per pixel of the photo: the output's scale, or more. */
  readonly factor: number;
  /** Luma alone, or all colours. */
  readonly holds: 'luma' | 'colours';
}

/** The part of `made` that the output shows, reduced to the output's scale. */
function onOutputGrid({ window, size, factor }: Made, { scale, output }: Enlarging): Raster {
  if (factor === scale) return cutOut(window, output);
  const { rect, pixels } = window as Window<'source'>;
  return resample(pixels, rect, size, scale / factor, output, 'bicubic');
}

function enlarged(pixels: Raster, { source, photo, scale, output }: Enlarging): Raster {
  return resample(pixels, source.rect, photo, scale, output, 'bicubic');
}

/** Luma with the photo's own colour differences, enlarged bicubically. */
function withChroma(luma: Raster, colours: Raster, enlarging: Enlarging): Raster {
  const ycbcr = toYcbcr(colours);
  const pixels = colours.width * colours.height;
  const chroma = enlarged(raster(colours.width, colours.height, 2, ycbcr.data.subarray(pixels)), enlarging);
  const joined = raster(luma.width, luma.height, 3);
  joined.data.set(luma.data);
  joined.data.set(chroma.data, luma.data.length);
  return toRgb(joined);
}

function mean(colours: Raster): Raster {
  const result = raster(colours.width, colours.height, 1);
  for (let c = 0; c < colours.channels; c++) {
    const values = plane(colours, c);
    for (let i = 0; i < values.length; i++) result.data[i]! += values[i]! / colours.channels;
  }
  return result;
}

function coloursOf(made: Made, enlarging: Enlarging): Raster {
  const picture = onOutputGrid(made, enlarging);
  const source = colourOf(enlarging.source.pixels);
  const grey = colourChannels(source) === 1;
  if (made.holds === 'luma') return grey ? lumaToGrey(picture) : withChroma(picture, source, enlarging);
  return grey ? mean(picture) : picture;
}

/** A tile of a network's enlargement: what it made, the photo's colours and alpha around it, finished. */
export function complete<K extends FinishKind>(
  made: Made,
  enlarging: Enlarging,
  finish: Finish<K>,
): Finished[K] {
  const alpha = alphaOf(enlarging.source.pixels);
  const colours = coloursOf(made, enlarging);
  return finishAs(withAlpha(colours, alpha && enlarged(alpha, enlarging)), finish);
}

/** A tile of an interpolation, also below scale 1. */
export function interpolate<K extends FinishKind>(
  { source, photo, scale, output }: Enlarging,
  kernel: KernelName,
  finish: Finish<K>,
): Finished[K] {
  const picture =
    scale === 1
      ? cutOut(source, output)
      : resampleWithAlpha(source.pixels, source.rect, photo, scale, output, kernel);
  return finishAs(picture, finish);
}

/** What a network that sees luma is given: that of the photo's colours, or of its grey. */
export function lumaOf(colours: Raster): Raster {
  if (colours.channels === 1) return greyToLuma(colours);
  const ycbcr = toYcbcr(colours);
  return raster(colours.width, colours.height, 1, ycbcr.data.slice(0, colours.width * colours.height));
}
