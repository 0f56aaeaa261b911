import { raster, type Raster } from '../kernels/raster';
import { lumaOf } from '../pixels/luma';
import type { Numbers } from '../onnx/staticGraphOf';
import type { Draw } from '../kernels/random';
import { placeIn, wholeBelow } from './random';
import type { Pair } from './pairs';
import { detailOf } from './windows';

/** Places of patches within a square lie so many reduced pixels apart. */
const STEP = 4;
/** A flat place is taken this often beside one of mean detail: skies must stay skies. */
const FLAT_SHARE = 0.25;

/** A pair with how often each of its places is taken. */
interface Weighed {
  readonly pair: Pair;
  readonly places: number;
  readonly weights: Float32Array;
  readonly total: number;
}

/** Photos, each with its squares: a photo counts as much as any other, however large it is. */
export interface PatchSource {
  readonly patch: number;
  readonly photos: readonly { readonly pairs: readonly Weighed[]; readonly totals: readonly number[] }[];
}

/** A square of a planar picture of 8 bits, as floats. */
function cut(bytes: Uint8Array, width: number, x: number, y: number, side: number): Raster {
  const part = raster(side, side, 3);
  const plane = bytes.length / 3;
  for (let c = 0, k = 0; c < 3; c++) {
    for (let row = 0; row < side; row++) {
      const from = c * plane + (y + row) * width + x;
      for (let column = 0; column < side; column++, k++) part.data[k] = bytes[from + column]! / 255;
    }
  }
  return part;
}

function detailsOf(pair: Pair, patch: number): { pair: Pair; places: number; details: Float32Array } {
  const places = Math.floor((pair.side - patch) / STEP) + 1;
  const details = Float32Array.from({ length: places ** 2 }, (_, k) =>
    detailOf(cut(pair.small, pair.side, (k % places) * STEP, Math.floor(k / places) * STEP, patch)),
  );
  return { pair, places, details };
}

const sumOf = (values: Float32Array): number => values.reduce((sum, one) => sum + one, 0);

/** The squares of one photo, each place by its detail and a share of what is usual in the photo. */
function weigh(pairs: readonly Pair[], patch: number): Weighed[] {
  const found = pairs.map((pair) => detailsOf(pair, patch));
  const count = found.reduce((sum, { details }) => sum + details.length, 0);
  const mean = found.reduce((sum, { details }) => sum + sumOf(details), 0) / count;
  return found.map(({ pair, places, details }) => {
    const weights = details.map((one) => one + FLAT_SHARE * mean + 1e-6);
    return { pair, places, weights, total: sumOf(weights) };
  });
}

/** What patches of a side (in reduced pixels, no larger than the pairs') are drawn from. */
export function patchSource(pairs: readonly Pair[], patch: number): PatchSource {
  const photos = [...new Set(pairs.map(({ photo }) => photo))].map((photo) => {
    const weighed = weigh(
      pairs.filter((pair) => pair.photo === photo),
      patch,
    );
    return { pairs: weighed, totals: weighed.map(({ total }) => total) };
  });
  return { patch, photos };
}

/** One of the eight orientations of a square, in place of it: bits for mirroring and turning. */
function turned({ width, data, channels }: Raster, orientation: number): Raster {
  const result = raster(width, width, channels);
  const flip = (at: number, isFlipped: boolean): number => (isFlipped ? width - 1 - at : at);
  for (let c = 0, k = 0; c < channels; c++) {
    for (let y = 0; y < width; y++) {
      for (let x = 0; x < width; x++, k++) {
        const [row, column] = [flip(y, (orientation & 1) > 0), flip(x, (orientation & 2) > 0)];
        const from = (orientation & 4) > 0 ? column * width + row : row * width + column;
        result.data[k] = data[c * width * width + from]!;
      }
    }
  }
  return result;
}

export interface Batch {
  /** [count, channels, patch, patch], as the network sees it. */
  readonly input: Numbers;
  /** [count, channels, patch * scale, patch * scale]. */
  readonly target: Numbers;
}

/** As a network sees colours: all three, or their luma. */
export const inChannels = (picture: Raster, channels: 1 | 3): Raster =>
  channels === 1 ? lumaOf(picture) : picture;

const stacked = (pictures: readonly Raster[]): Numbers => {
  const { width, height, channels, data } = pictures[0]!;
  const all = new Float32Array(pictures.length * data.length);
  pictures.forEach((one, k) => all.set(one.data, k * data.length));
  return { data: all, dims: [pictures.length, channels, height, width] };
};

/** Patches where there is detail, each in one of its eight orientations, with their originals. */
export function drawBatch({ patch, photos }: PatchSource, count: number, channels: 1 | 3, draw: Draw): Batch {
  const inputs: Raster[] = [];
  const targets: Raster[] = [];
  for (let n = 0; n < count; n++) {
    const photo = photos[wholeBelow(draw, photos.length)]!;
    const { pair, places, weights } = photo.pairs[placeIn(photo.totals, draw())]!;
    const place = placeIn(weights, draw());
    const within = (at: number): number => Math.min(pair.side - patch, at * STEP + wholeBelow(draw, STEP));
    const [x, y] = [within(place % places), within(Math.floor(place / places))];
    const orientation = wholeBelow(draw, 8);
    const { side, scale } = pair;
    inputs.push(inChannels(turned(cut(pair.small, side, x, y, patch), orientation), channels));
    const large = cut(pair.large, side * scale, x * scale, y * scale, patch * scale);
    targets.push(inChannels(turned(large, orientation), channels));
  }
  return { input: stacked(inputs), target: stacked(targets) };
}

/** A whole pair as a batch of one, upright. */
export function wholeBatch({ small, large, side, scale }: Pair, channels: 1 | 3): Batch {
  return {
    input: stacked([inChannels(cut(small, side, 0, 0, side), channels)]),
    target: stacked([inChannels(cut(large, side * scale, 0, 0, side * scale), channels)]),
  };
}
