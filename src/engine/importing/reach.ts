import type { Size } from '../../shared/geometry';
import { raster, type Raster } from '../kernels/raster';
import type { Numbers } from '../onnx/staticGraphOf';
import type { TestPicture } from './findForm';

/**
 * How far a model really looks, measured as training/measure/reach.py does it for the bundled ones: the core of a
 * tile that was read with an overlap against the same pixels of the whole picture, over a picture with detail, a zone
 * plate, noise and hard edges.
 */
export interface MeasuredReach {
  /** Input pixels on each side. */
  readonly overlap: number;
  /** The largest difference there, in steps of 8 bits. */
  readonly step: number;
}

const CORE = 24;
const LARGEST_STEP = 0.05;
const LADDER = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 40] as const;
/** The whole picture has this many pixels around the core; a model that looks further has no exact tiles. */
export const FIELD = 48;

/** What a whole picture has around the core where the model takes nothing larger. */
export const fieldWithin = ({ width, height }: Size): number =>
  Math.floor((Math.min(width, height) - CORE) / 2);

/** The picture that a graph gave, [1, C, H, W]. */
export const rasterOf = ({ data, dims }: Numbers): Raster => raster(dims[3]!, dims[2]!, dims[1]!, data);

type Enlarge = (picture: Raster) => Promise<Raster>;

/** A model as it enlarges parts of a picture: what it takes of the whole of it, such as means, is taken once. */
export type Enlarging = (whole: Raster) => Enlarge | Promise<Enlarge>;

/** Pictures in which a network reacts to what is far away. */
function pictures(side: number, channels: 1 | 3, detailed: TestPicture): Raster[] {
  const drawn = (valueAt: (x: number, y: number) => number): Raster => {
    const result = raster(side, side, channels);
    for (let k = 0; k < result.data.length; k++) {
      const pixel = k % (side * side);
      result.data[k] = valueAt(pixel % side, Math.floor(pixel / side));
    }
    return result;
  };
  const middle = (side - 1) / 2;
  const zones = (x: number, y: number): number =>
    0.5 + 0.5 * Math.cos((Math.PI * ((x - middle) ** 2 + (y - middle) ** 2)) / side);
  let seed = 7;
  const noise = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const edges = (x: number, y: number): number =>
    ((Math.floor(x / 7) + Math.floor(y / 5)) % 2) * (x > y ? 1 : 0.6);
  return [detailed(side, side, channels), drawn(zones), drawn(noise), drawn(edges)];
}

/** A square of a picture, from the same column and row on. */
function square(of: Raster, start: number, side: number): Raster {
  const part = raster(side, side, of.channels);
  for (let c = 0; c < of.channels; c++) {
    for (let y = 0; y < side; y++) {
      const from = (c * of.height + start + y) * of.width + start;
      part.data.set(of.data.subarray(from, from + side), (c * side + y) * side);
    }
  }
  return part;
}

function largestStep(a: Raster, b: Raster): number {
  const clipped = (value: number): number => Math.min(1, Math.max(0, value));
  let largest = 0;
  for (let k = 0; k < a.data.length; k++) {
    largest = Math.max(largest, Math.abs(clipped(a.data[k]!) - clipped(b.data[k]!)));
  }
  return 255 * largest;
}

/**
 * The smallest overlap from which on none differs by 0.05 of a step; undefined where the model looks further than
 * was measured, as those with windows do and with means that are each tile's own.
 * @param enlarging the adapted model.
 * @param field pixels of the whole picture around the core; overlaps of the ladder that are smaller are tried.
 */
export async function measureReach(
  enlarging: Enlarging,
  scale: number,
  channels: 1 | 3,
  detailed: TestPicture,
  field = FIELD,
): Promise<MeasuredReach | undefined> {
  const side = CORE + 2 * field;
  const probes = pictures(side, channels, detailed);
  const coreOf = async (enlarge: Enlarge, picture: Raster, overlap: number): Promise<Raster> => {
    const read = square(picture, field - overlap, CORE + 2 * overlap);
    return square(await enlarge(read), overlap * scale, CORE * scale);
  };
  const wholes: { readonly enlarge: Enlarge; readonly core: Raster }[] = [];
  for (const picture of probes) {
    const enlarge = await enlarging(picture);
    wholes.push({ enlarge, core: await coreOf(enlarge, picture, field) });
  }
  let best: MeasuredReach | undefined;
  for (const overlap of LADDER.filter((one) => one < field).toReversed()) {
    let step = 0;
    for (const [k, picture] of probes.entries()) {
      const { enlarge, core } = wholes[k]!;
      step = Math.max(step, largestStep(await coreOf(enlarge, picture, overlap), core));
      if (step >= LARGEST_STEP) return best;
    }
    best = { overlap, step: Number(step.toFixed(4)) };
  }
  return best;
}
