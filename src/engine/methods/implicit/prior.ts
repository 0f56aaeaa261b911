import { rect, type Rect, type Size } from '../../../shared/geometry';
import type { Evaluate } from '../../runtime/graphRunner';
import { mulberry32 } from '../../kernels/random';
import { raster, type Raster } from '../../kernels/raster';
import { mirrored } from '../../kernels/resample/weights';
import type { ImplicitGraphs } from './graphs';

/** Patches along the longer way at most; their square in all. */
const MOST_A_SIDE = 4;

/** Normally distributed numbers of a seed (Box and Muller, 1958). */
export function noiseOf(seed: number, length: number): Float32Array {
  const next = mulberry32(seed);
  const noise = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    noise[i] = radius * Math.cos(angle);
    if (i + 1 < length) noise[i + 1] = radius * Math.sin(angle);
  }
  return noise;
}

/**
 * Where on a photo the patches lie that stand for it: a regular grid of at most 16 squares of `side`. They
 * may reach beyond a photo that is smaller.
 */
export function patchPlaces(photo: Size, side: number): Rect<'source'>[] {
  const starts = (length: number): number[] => {
    const count = Math.min(MOST_A_SIDE, Math.max(1, Math.ceil(length / side)));
    if (count === 1) return [Math.round(Math.max(0, length - side) / 2)];
    return Array.from({ length: count }, (_, k) => Math.round((k * (length - side)) / (count - 1)));
  };
  return starts(photo.height).flatMap((y) =>
    starts(photo.width).map((x) => rect<'source'>(x, y, side, side)),
  );
}

/** `side` x `side` pixels from what there is of them, mirrored beyond it. */
function filled(pixels: Raster, side: number): Raster {
  if (pixels.width === side && pixels.height === side) return pixels;
  const patch = raster(side, side, pixels.channels);
  for (let c = 0, k = 0; c < pixels.channels; c++) {
    for (let y = 0; y < side; y++) {
      const row = (c * pixels.height + mirrored(y, pixels.height)) * pixels.width;
      for (let x = 0; x < side; x++, k++) patch.data[k] = pixels.data[row + mirrored(x, pixels.width)]!;
    }
  }
  return patch;
}

/** The prior of a whole photo, from patches of it and a seed; `read` gives a part of the photo as RGB. */
export async function priorOf(
  graph: NonNullable<ImplicitGraphs['prior']>,
  photo: Size,
  seed: number,
  read: (part: Rect<'source'>) => Promise<Raster>,
  evaluate: Evaluate,
): Promise<Float32Array> {
  const { side, noise } = graph;
  const places = patchPlaces(photo, side);
  const length = 3 * side * side;
  const patches = new Float32Array(places.length * length);
  for (const [k, { x, y }] of places.entries()) {
    const part = rect<'source'>(x, y, Math.min(side, photo.width), Math.min(side, photo.height));
    patches.set(filled(await read(part), side).data, k * length);
  }
  const offered = {
    patches: { data: patches, dims: [places.length, 3, side, side] },
    noise: { data: noiseOf(seed, noise), dims: [1, noise] },
  };
  const result = await evaluate(graph, offered, { prior: null });
  return result.get('prior')!.data;
}

/** Priors that are known, for as long as their photo is open. */
export class Priors {
  private readonly known = new WeakMap<object, Map<number, Promise<Float32Array>>>();

  /** The prior of a photo and a seed; made once, and tried again by the next caller where it failed. */
  of(photo: object, seed: number, make: () => Promise<Float32Array>): Promise<Float32Array> {
    const seeds = this.known.get(photo) ?? new Map<number, Promise<Float32Array>>();
    this.known.set(photo, seeds);
    const known = seeds.get(seed);
    if (known) return known;
    const result = make();
    seeds.set(seed, result);
    result.catch(() => seeds.delete(seed));
    return result;
  }
}
