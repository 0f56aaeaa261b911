import { colourChannels, hasAlpha, plane, raster, type Raster } from '../raster';

/** Below this alpha (half a step of 16 bits) a pixel has no colour to speak of. */
const NOTHING = 0.5 / 65535;

/** Colours times alpha, as a new raster; without alpha the raster itself. */
export function premultiply(source: Raster): Raster {
  if (!hasAlpha(source)) return source;
  const alpha = plane(source, source.channels - 1);
  const data = source.data.slice();
  for (let c = 0, k = 0; c < colourChannels(source); c++) {
    for (let i = 0; i < alpha.length; i++, k++) data[k]! *= alpha[i]!;
  }
  return raster(source.width, source.height, source.channels, data);
}

/**
 * The inverse of `premultiply`, as a new raster. Where alpha is nothing colours become 0; where it is
 * partial they are clipped to [0, 1], for a quotient of two small overshooting numbers can be anything.
 */
export function unpremultiply(source: Raster): Raster {
  if (!hasAlpha(source)) return source;
  const pixels = source.width * source.height;
  const channels = colourChannels(source);
  const data = source.data.slice();
  const alphas = channels * pixels;
  for (let i = 0; i < pixels; i++) {
    const alpha = data[alphas + i]!;
    if (alpha === 1) continue;
    for (let c = 0; c < channels; c++) {
      const at = c * pixels + i;
      data[at] = alpha < NOTHING ? 0 : Math.min(1, Math.max(0, data[at]! / alpha));
    }
  }
  return raster(source.width, source.height, source.channels, data);
}

/** The colours alone, as a view. */
export function colourOf(source: Raster): Raster {
  const channels = colourChannels(source);
  const data = source.data.subarray(0, channels * source.width * source.height);
  return raster(source.width, source.height, channels, data);
}

/** Alpha alone, as a view of one channel; undefined where there is none. */
export function alphaOf(source: Raster): Raster | undefined {
  return hasAlpha(source)
    ? raster(source.width, source.height, 1, plane(source, source.channels - 1))
    : undefined;
}

/** Colours and alpha as one new raster; without alpha the colours themselves. Sizes must agree. */
export function withAlpha(colour: Raster, alpha: Raster | undefined): Raster {
  if (!alpha) return colour;
  if (alpha.width !== colour.width || alpha.height !== colour.height) {
    throw new RangeError(
      `withAlpha expects alpha of ${colour.width} x ${colour.height} pixels, received ${alpha.width} x ${alpha.height}`,
    );
  }
  const joined = raster(colour.width, colour.height, colour.channels + 1);
  joined.data.set(colour.data);
  joined.data.set(alpha.data, colour.data.length);
  return joined;
}

/** Offsets of the eight neighbours. */
const NEIGHBOURS = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [-1, 0],
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
] as const;

/**
 * Gives pixels whose alpha is below `threshold` the colours of their nearest visible neighbours, so that
 * what a network or a kernel sees across an edge of transparency is a continuation, not hidden junk.
 * Grows outwards by one pixel a step, `radius` steps (0 or more): a pixel's result depends on nothing
 * further than `radius` away, so tiles read with that overlap agree. Alpha is unchanged, pixels further off
 * keep what they had. A new raster; where nothing is hidden the raster itself.
 */
export function bleed(source: Raster, radius: number, threshold = 1 / 255): Raster {
  if (!hasAlpha(source)) return source;
  const { width, height } = source;
  const pixels = width * height;
  const channels = colourChannels(source);
  if (plane(source, channels).every((alpha) => alpha >= threshold)) return source;
  const data = source.data.slice();
  /** 0: no colour yet, 1: has one, 2: waits in the front. */
  const state = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) state[i] = source.data[channels * pixels + i]! >= threshold ? 1 : 0;

  const around = (i: number, visit: (neighbour: number) => void): void => {
    const x = i % width;
    const y = (i - x) / width;
    for (const [dx, dy] of NEIGHBOURS) {
      if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height) visit(i + dy * width + dx);
    }
  };
  const frontOf = (coloured: Iterable<number>): number[] => {
    const front: number[] = [];
    for (const i of coloured) {
      around(i, (n) => {
        if (state[n] !== 0) return;
        state[n] = 2;
        front.push(n);
      });
    }
    return front;
  };
  const colour = (i: number): void => {
    const sums = new Float64Array(channels);
    let count = 0;
    around(i, (n) => {
      if (state[n] !== 1) return;
      count++;
      for (let c = 0; c < channels; c++) sums[c]! += data[c * pixels + n]!;
    });
    for (let c = 0; c < channels; c++) data[c * pixels + i] = sums[c]! / count;
  };

  function* visible(): Generator<number> {
    for (let i = 0; i < pixels; i++) if (state[i] === 1) yield i;
  }
  let front = frontOf(visible());
  for (let step = 0; step < radius && front.length > 0; step++) {
    front.forEach(colour);
    for (const i of front) state[i] = 1;
    front = frontOf(front);
  }
  return raster(width, height, source.channels, data);
}
