import { totalmem } from 'node:os';
import { tileSide } from '../../shared/tiles';

/** What a run on a tile costs, for each pixel that it reads. */
export interface TileCosts {
  readonly macsPerPixel: number;
  /** Bytes of the values alive at once, where they were counted in the graph. */
  readonly liveBytesPerPixel?: number | undefined;
  /** Pixels that a tile reads beyond its core, both sides together. */
  readonly overlap: number;
  /** Sides of what is read are at most this; absent: the model runs at any size. */
  readonly largestInput?: number | undefined;
  /** Pixels of the result along one side of an input pixel; absent: 1. */
  readonly factor?: number | undefined;
  /** False: what is made of a tile depends on the tile (global pooling), so that its size is part of the method. */
  readonly exact?: boolean | undefined;
}

/** A twelfth of the machine's memory, as far as it is more than half a gigabyte and less than `most` MiB. */
const budgetOf = (most: number): number => Math.min(most * 2 ** 20, Math.max(512 * 2 ** 20, totalmem() / 12));

/**
 * What work on one tile may take at most: the engine must stay small beside the user's other programs, and takes 200 MB
 * itself.
 */
const BUDGET_BYTES = budgetOf(1024);
/**
 * The runtime's peak over what is alive in the graph: it keeps copies in its own layout. Measured: EDSR x2
 * 1.7 times, x4 1.5, ESRGAN 2.0.
 */
const RUNTIME_COPIES = 2;
/**
 * Where the graph's values were not counted: working memory grows with the network's width, and that with the
 * root of its work. 40 kB at 2 million multiplications, which is generous.
 */
const BYTES_PER_ROOT_MAC = 28;
/**
 * A run cannot be interrupted: this is about five seconds on two cores, and what ESRGAN's tiles need for the pixels
 * that they share to cost less than a third more.
 */
const MACS_PER_RUN = 5e11;
/** Beyond this what is read around a core hardly matters any more. */
const WIDEST_SIDE = 448;
const EXACT = { macsPerRun: MACS_PER_RUN, widestSide: WIDEST_SIDE, budget: BUDGET_BYTES };
/**
 * The same of networks whose pixels depend on their tile: the larger it is, the less of it is read twice, and the nearer
 * it is to the whole; training/measure/tiling.py measures how near.
 */
const POOLED = { macsPerRun: 5.5e11, widestSide: 520, budget: budgetOf(1000) };
/** Of these the results of some tiles are kept for their neighbours: at x4 as much as a run takes, were they larger. */
const WIDEST_KEPT = 1200;
/** Throughput is flat from 64 to 256 pixels; a wider overlap, computed twice, wants larger tiles. */
const USUAL_SIDE = 128;
const OVERLAPS_PER_SIDE = 24;

/** Tiles may be so much longer one way; much longer ones share more pixels with their neighbours. */
const STRETCH = 1.25;

/** The longest side of a tile that might be a square of `side`. */
export const longestSide = (side: number): number => Math.floor(side * STRETCH);

/** The side that no tile's core may exceed, whatever memory there is. */
export const largestCore = ({ largestInput, overlap }: TileCosts): number =>
  largestInput === undefined ? Infinity : Math.max(1, largestInput - overlap);

/**
 * The largest side of a tile's core, in input pixels, that memory and patience allow; at least `smallestSide`, where
 * the model takes so much.
 */
export function coreSide(costs: TileCosts, smallest: number): number {
  const { macsPerPixel, liveBytesPerPixel, overlap, factor = 1, exact = true } = costs;
  const largestCoreSide = largestCore(costs);
  const smallestSide = Math.min(smallest, largestCoreSide);
  const { macsPerRun, widestSide, budget } = exact ? EXACT : POOLED;
  const macs = Math.max(1, macsPerPixel);
  const bytesPerPixel =
    liveBytesPerPixel === undefined
      ? BYTES_PER_ROOT_MAC * Math.sqrt(macs)
      : RUNTIME_COPIES * Math.max(1, liveBytesPerPixel);
  const patient = Math.floor(Math.sqrt(macsPerRun / macs)) - overlap;
  const worthwhile = Math.max(USUAL_SIDE, OVERLAPS_PER_SIDE * overlap);
  const keepable = exact ? Infinity : Math.floor(WIDEST_KEPT / factor);
  return tileSide({
    bytes: budget,
    bytesPerPixel,
    overlap,
    smallestSide,
    largestSide: Math.max(smallestSide, Math.min(widestSide, worthwhile, patient, keepable, largestCoreSide)),
  });
}
