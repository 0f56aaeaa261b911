import { alphaOf, colourOf, premultiply, unpremultiply, withAlpha } from '../kernels/color/alpha';
import { project } from '../kernels/consistency/projection';
import { lumaToGrey, toRgb, toYcbcr } from '../kernels/color/ycbcr';
import { colourChannels, hasAlpha, plane, raster, type Raster } from '../kernels/raster';
import type { KernelName } from '../kernels/resample/kernels';
import { resample, resampleWithAlpha } from '../kernels/resample/resample';
import { cutOut, type Window } from '../kernels/window';
import { baseTile } from './baseTile';
import { colourTile } from './colourTile';
import { atOutput, type Enlarging, type MethodOutput } from './enlarging';
import { finishAs, type Finish, type Finished, type FinishKind, type Into } from './finish';
import { ReadyRows } from './pixelRows';
import { sumCells, summedRows, type CellPicture } from './separable';

/**
 * The work on pixels around a network's run, and all of an interpolation: pure functions of data that can
 * cross to another thread. Arguments are given away: whoever calls may not use their pixels afterwards.
 */

/** The part of `made` that the output shows, reduced to the output's scale. */
function onOutputGrid({ window, size, factor }: MethodOutput, { scale, output }: Enlarging): Raster {
  if (factor === scale) return cutOut(window, output);
  const { rect, pixels } = window as Window<'source'>;
  return resample(pixels, rect, size, scale / factor, output, 'bicubic');
}

function enlarged(
  pixels: Raster,
  { source, photo, scale, output }: Enlarging,
  kernel: KernelName = 'bicubic',
): Raster {
  return resample(pixels, source.rect, photo, scale, output, kernel);
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

function coloursOf(given: MethodOutput, enlarging: Enlarging): Raster {
  const picture = onOutputGrid(given, enlarging);
  const source = colourOf(enlarging.source.pixels);
  const grey = colourChannels(source) === 1;
  if (given.holds === 'luma') return grey ? lumaToGrey(picture) : withChroma(picture, source, enlarging);
  const colours = grey ? mean(picture) : picture;
  return given.base ? sum(colours, enlarged(source, enlarging, given.base)) : colours;
}

/** Into the first. */
function sum(into: Raster, added: Raster): Raster {
  for (let i = 0; i < into.data.length; i++) into.data[i]! += added.data[i]!;
  return into;
}

/**
 * Bytes of a pixel where a tile goes the short way of the commonest by far: of an opaque photo in colour, wanted in 8
 * bits, with nothing added but what that way adds.
 */
function shortWay(
  base: MethodOutput['base'],
  { source: { pixels } }: Enlarging,
  finish: Finish,
): 3 | 4 | undefined {
  if (colourChannels(pixels) !== 3 || hasAlpha(pixels) || base === 'bilinear') return undefined;
  if (finish.to !== 'bytes' && finish.to !== 'rgba') return undefined;
  if ((finish as Finish<'bytes' | 'rgba'>).table) return undefined;
  return finish.to === 'rgba' ? 4 : 3;
}

function inOnePass(
  made: MethodOutput,
  enlarging: Enlarging,
  finish: Finish,
  into: Into,
): Uint8Array<ArrayBuffer> | undefined {
  const pixelBytes = shortWay(made.base, enlarging, finish);
  if (pixelBytes === undefined) return undefined;
  const { source, output } = enlarging;
  const window =
    made.factor === enlarging.scale ? made.window : { rect: output, pixels: onOutputGrid(made, enlarging) };
  if (made.holds === 'luma') return colourTile(window, source.pixels, enlarging, pixelBytes, into);
  const base = made.base && { colours: source.pixels };
  return baseTile(new ReadyRows(window, output), base, enlarging, pixelBytes, into);
}

/** A tile whose pixels are summed of cells, all of the picture's, less the photo's enlargement `base`; finished. */
export function completeCells<K extends FinishKind>(
  picture: CellPicture,
  base: MethodOutput['base'],
  enlarging: Enlarging,
  finish: Finish<K>,
): Finished[K] {
  const { source, output } = enlarging;
  const pixelBytes = shortWay(base, enlarging, finish);
  if (pixelBytes !== undefined) {
    const added = base && { colours: source.pixels };
    return baseTile(summedRows(picture), added, enlarging, pixelBytes) as Finished[K];
  }
  const pixels = raster(output.width, output.height, 3);
  sumCells(picture, pixels);
  return completeInSteps(atOutput(pixels, base, enlarging), enlarging, finish);
}

/**
 * A tile of a network's enlargement: what it made, the photo's colours and alpha around it, finished; in the memory
 * `into`, where that is given.
 */
export function complete<K extends FinishKind>(
  given: MethodOutput,
  enlarging: Enlarging,
  finish: Finish<K>,
  into?: Into,
): Finished[K] {
  const inOne = inOnePass(given, enlarging, finish, into);
  return (inOne as Finished[K] | undefined) ?? completeInSteps(given, enlarging, finish, into);
}

/** The same, step by step: for every kind of tile, and what the short way is held against. */
export function completeInSteps<K extends FinishKind>(
  given: MethodOutput,
  enlarging: Enlarging,
  finish: Finish<K>,
  into?: Into,
): Finished[K] {
  const alpha = alphaOf(enlarging.source.pixels);
  const colours = coloursOf(given, enlarging);
  return finishAs(withAlpha(colours, alpha && enlarged(alpha, enlarging)), finish, into);
}

/**
 * A tile of an enlargement made consistent with the photo; `enlarged` and the source are what
 * `projectionNeeds` asks for. Colours count as much as they show: with alpha they are premultiplied. `into` as in `complete`.
 */
export function projectConsistent<K extends FinishKind>(
  enlarged: Window<'output'>,
  { source, photo, scale, output }: Enlarging,
  finish: Finish<K>,
  into?: Into,
): Finished[K] {
  const alpha = hasAlpha(source.pixels);
  if (alpha) clipAlpha(enlarged.pixels);
  const [x, y] = alpha
    ? [premultiply(enlarged.pixels), premultiply(source.pixels)]
    : [enlarged.pixels, source.pixels];
  const needs = { source: source.rect, enlarged: enlarged.rect };
  const projected = project(x, enlarged.rect, y, needs, photo, scale, output);
  return finishAs(alpha ? unpremultiply(projected) : projected, finish, into);
}

/** Opacity beyond nothing and all is ringing: colours have no such multiple, so that it may not be one either. */
function clipAlpha(picture: Raster): void {
  const alpha = plane(picture, picture.channels - 1);
  for (let i = 0; i < alpha.length; i++) alpha[i] = Math.min(1, Math.max(0, alpha[i]!));
}

/** A tile of an interpolation, also below scale 1; in the memory `into`, where that is given. */
export function interpolate<K extends FinishKind>(
  { source, photo, scale, output }: Enlarging,
  kernel: KernelName,
  finish: Finish<K>,
  into?: Into,
): Finished[K] {
  const picture =
    scale === 1
      ? cutOut(source, output)
      : resampleWithAlpha(source.pixels, source.rect, photo, scale, output, kernel);
  return finishAs(picture, finish, into);
}
