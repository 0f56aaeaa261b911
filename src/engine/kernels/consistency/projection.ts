import {
  contains,
  grow,
  intersect,
  outputSize,
  rect,
  sourceRect,
  wholeOf,
  type Rect,
  type Size,
} from '../../../shared/geometry';
import { colourChannels, plane, raster, type Raster } from '../raster';
import {
  axisReduction,
  MARGIN,
  pseudoInverseLines,
  reduceLines,
  reductionWindow,
  type AxisReduction,
} from './axisReduction';

/**
 * Consistency: an enlargement is consistent when reducing it again gives the photo. Any enlargement x is
 * made so by x + D^+ (y - D x) (Bahat and Michaeli, "Explorable super resolution", CVPR 2020), with y the
 * photo, D the antialiased bicubic reduction and D^+ = D^T (D D^T)^-1. D is separable, so all of it is
 * banded work along rows and columns, exact at any real scale. Right for what a bicubic reduced; a camera's
 * noise or JPEG blocks would be forced back in.
 */
export interface ProjectionNeeds {
  /** What of the photo must be held. */
  readonly source: Rect<'source'>;
  /** What of the enlargement must be held. */
  readonly enlarged: Rect<'output'>;
}

/** What `project` and `invent` need to make the rectangle `output` exactly, tile for tile, to 1e-4. */
export function projectionNeeds(output: Rect<'output'>, photo: Size, scale: number): ProjectionNeeds {
  const source = intersect(grow(sourceRect(output, scale, 2, photo), MARGIN), wholeOf<'source'>(photo));
  const whole = outputSize(photo, scale);
  const across = reductionWindow(scale, whole.width, source.x, source.width);
  const down = reductionWindow(scale, whole.height, source.y, source.height);
  return {
    source,
    enlarged: rect<'output'>(across.columnStart, down.columnStart, across.columns, down.columns),
  };
}

function axes(
  source: Rect<'source'>,
  photo: Size,
  scale: number,
): { across: AxisReduction; down: AxisReduction } {
  const whole = outputSize(photo, scale);
  return {
    across: axisReduction(scale, whole.width, source.x, source.width),
    down: axisReduction(scale, whole.height, source.y, source.height),
  };
}

/** Rows and columns exchanged: `height` rows of `width` values become `width` rows of `height`. */
function transpose(values: Float64Array, width: number, height: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[x * height + y] = values[y * width + x]!;
  return out;
}

/** D x of one plane: from the enlargement's window to the photo's, transposed (columns lie along memory). */
function reducePlane(x: Float64Array, across: AxisReduction, down: AxisReduction): Float64Array {
  const rows = reduceLines(across, x, down.columns);
  return reduceLines(down, transpose(rows, across.rows, down.columns), across.rows);
}

/** D^+ of one plane that is transposed as `reducePlane` leaves it. */
function expandPlane(y: Float64Array, across: AxisReduction, down: AxisReduction): Float64Array {
  const columns = pseudoInverseLines(down, y, across.rows);
  return pseudoInverseLines(across, transpose(columns, down.columns, across.rows), down.columns);
}

function check(enlarged: Raster, enlargedRect: Rect, needs: ProjectionNeeds, output: Rect): void {
  if (enlarged.width !== enlargedRect.width || enlarged.height !== enlargedRect.height) {
    throw new RangeError('the projection expects an enlargement of exactly its rectangle');
  }
  if (!contains(enlargedRect, needs.enlarged) || !contains(enlargedRect, output)) {
    throw new RangeError('the projection needs more of the enlargement around its tile: see projectionNeeds');
  }
}

/** Calls `correct` for the first `corrected` planes of the needed window and puts what it returns into the tile. */
function eachPlane(
  enlarged: Raster,
  enlargedRect: Rect<'output'>,
  window: Rect<'output'>,
  output: Rect<'output'>,
  corrected: number,
  correct: (x: Float64Array, channel: number) => Float64Array,
): Raster {
  const result = raster(output.width, output.height, enlarged.channels);
  for (let channel = 0; channel < enlarged.channels; channel++) {
    const from = plane(enlarged, channel);
    const to = plane(result, channel);
    const x = new Float64Array(window.width * window.height);
    const dx = window.x - enlargedRect.x;
    const dy = window.y - enlargedRect.y;
    for (let y = 0; y < window.height; y++) {
      const start = (y + dy) * enlarged.width + dx;
      x.set(from.subarray(start, start + window.width), y * window.width);
    }
    const projected = channel < corrected ? correct(x, channel) : x;
    for (let y = 0; y < output.height; y++) {
      const start = (y + output.y - window.y) * window.width + output.x - window.x;
      to.set(projected.subarray(start, start + output.width), y * output.width);
    }
  }
  return result;
}

/**
 * The consistent enlargement nearest to `enlarged`, in the rectangle `output`.
 * `enlarged` holds the enlargement's pixels in `enlargedRect`, `source` the photo's in `needs.source`, both
 * with the same channels; `needs` is `projectionNeeds(output, photo, scale)`. Alpha is projected
 * with the colours that are premultiplied by it: of a flat colour both are then the same multiple, and it stays flat.
 * Throws RangeError where something needed is missing.
 */
export function project(
  enlarged: Raster,
  enlargedRect: Rect<'output'>,
  source: Raster,
  needs: ProjectionNeeds,
  photo: Size,
  scale: number,
  output: Rect<'output'>,
): Raster {
  check(enlarged, enlargedRect, needs, output);
  const { across, down } = axes(needs.source, photo, scale);
  return eachPlane(enlarged, enlargedRect, needs.enlarged, output, enlarged.channels, (x, channel) => {
    const residual = reducePlane(x, across, down);
    const y = plane(source, channel);
    for (let row = 0; row < source.height; row++) {
      for (let column = 0; column < source.width; column++) {
        const at = column * source.height + row;
        residual[at] = y[row * source.width + column]! - residual[at]!;
      }
    }
    const correction = expandPlane(residual, across, down);
    for (let i = 0; i < x.length; i++) x[i]! += correction[i]!;
    return x;
  });
}

/**
 * What of `enlarged` the photo does not determine: (I - D^+ D) x, signed, in the rectangle `output`.
 * Zero where a method only restates the photo; every invented detail stands in it. Alpha is left as it is.
 */
export function invent(
  enlarged: Raster,
  enlargedRect: Rect<'output'>,
  needs: ProjectionNeeds,
  photo: Size,
  scale: number,
  output: Rect<'output'>,
): Raster {
  check(enlarged, enlargedRect, needs, output);
  const { across, down } = axes(needs.source, photo, scale);
  return eachPlane(enlarged, enlargedRect, needs.enlarged, output, colourChannels(enlarged), (x) => {
    const determined = expandPlane(reducePlane(x, across, down), across, down);
    for (let i = 0; i < x.length; i++) x[i]! -= determined[i]!;
    return x;
  });
}
