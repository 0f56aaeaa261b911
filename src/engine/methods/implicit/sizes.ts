import { overlapOf, type Implicit } from '../../../shared/manifest';
import type { Sight } from '../../../shared/tiles';
import type { BatchLimits } from './batches';
import type { FeaturePlan } from './featureTiles';
import { coreSide, longestSide } from '../../runtime/tileSize';

/** Small, for what a rectangle only touches is made whole; missing neighbours are made in one run anyway. */
const TILE_SIDE = 32;
/** Features of one run, beside the run's own memory. */
const FEATURE_BYTES = 96 * 2 ** 20;

/** A decoder finds a cell beyond the photo's border, too. */
const BEYOND = 1;

/**
 * How far the source graphs look. Beyond the border they are given as much of the mirrored photo as was measured to be
 * enough, and the `needed` pixels that are read there; where it was not measured, all that the cell there looks at.
 */
function sightOf({ align, receptiveField }: Implicit, needed: number): Sight {
  const reach = overlapOf(receptiveField);
  const measured = receptiveField.measured?.border?.overlap ?? Infinity;
  const border = (side: number): number => Math.max(needed, Math.min(side + BEYOND, measured));
  return { align, reach, border: { before: border(reach.before), after: border(reach.after) } };
}

/** What a run reads beyond the cells that it is for, both sides together. */
const readBeyond = ({ reach }: Sight): number => reach.before + reach.after + BEYOND;

/** How a method's photos are cut for its source graphs: see `FeaturePlan`. */
export function featurePlan(implicit: Implicit): FeaturePlan {
  const { align, receptiveField, macsPerPixel, liveBytesPerPixel, source } = implicit;
  const sight = sightOf(implicit, BEYOND);
  const side = Math.ceil(TILE_SIDE / align) * align;
  const widest = source.reduce((most, { channels }) => Math.max(most, channels), 1);
  const costs = { macsPerPixel: macsPerPixel.source, liveBytesPerPixel, overlap: readBeyond(sight) };
  const pixels = Math.min(coreSide(costs, side), Math.sqrt(FEATURE_BYTES / (4 * widest)));
  // Graphs that see further than any overlap give the same only where their tiles are the same.
  const mostAtOnce = receptiveField.exact ? Math.max(1, Math.floor(pixels / side)) : 1;
  return { ...sight, side, mostAtOnce };
}

/** How work that comes by once is cut: see `OncePass`. */
export interface PassPlan extends Sight {
  /** Source pixels a side whose maps are made in one run. */
  readonly side: number;
  /** Source pixels that the last graph sees on each side, where it runs by itself; undefined: with the others. */
  readonly headReach: number | undefined;
}

/** `undefined` where the graphs see further than any overlap, so that their tiles must always be the same. */
export function passPlan(implicit: Implicit): PassPlan | undefined {
  const { align, receptiveField, macsPerPixel, liveBytesPerPixel, source } = implicit;
  if (!receptiveField.exact) return undefined;
  const headReach = source.length > 1 && align === 1 ? source.at(-1)!.reach : undefined;
  const sight = sightOf(implicit, BEYOND + (headReach ?? 0));
  const first = headReach === undefined ? undefined : source.slice(0, -1);
  const firstMacs = first?.reduce((sum, graph) => sum + (graph.macsPerPixel ?? macsPerPixel.source), 0);
  const firstBytes = first?.map((graph) => graph.liveBytesPerPixel);
  const side = coreSide(
    {
      macsPerPixel: firstMacs ?? macsPerPixel.source,
      liveBytesPerPixel: firstBytes?.every((bytes) => bytes !== undefined)
        ? Math.max(...firstBytes)
        : liveBytesPerPixel,
      overlap: readBeyond(sight),
    },
    TILE_SIDE,
  );
  return { ...sight, side, headReach };
}

/** Multiplications an output pixel from which a decoder is a network at every pixel, no matrix product. */
const NETWORK_MACS = 20_000;

/**
 * What a decoder does at once: a network at every pixel holds all its layers' values, which are to stay in
 * the processor's cache (LIIF's takes 14 us a pixel on one core in squares of 24 or 32, 18 in 64, 21 in 128);
 * a product with matrices of all the tile's cells costs more the more cells there are.
 */
export const decoderLimits = ({ macsPerPixel }: Implicit): BatchLimits =>
  macsPerPixel.output >= NETWORK_MACS ? { pixels: 32, cells: 32 } : { pixels: 1024, cells: 32 };

/** Multiplications of one tile of a job, in which nobody else has a turn: three to four seconds on two cores. */
const JOB_TILE_MACS = 3e11;
const SMALLEST_TILE = 16;
const LARGEST_TILE = 1664;
/** The photo itself costs nothing to make. */
const COPIED_TILE = 512;

/** Output pixels a side whose photo is one run of the graphs. */
const oneRunSide = (implicit: Implicit, scale: number): number =>
  Math.min(LARGEST_TILE, Math.floor((passPlan(implicit)?.side ?? LARGEST_TILE) * scale));

/** A tile's photo is one run of the graphs, where that is not too much to decode. */
export function jobTileSide(implicit: Implicit, scale: number): number {
  if (scale === 1) return COPIED_TILE;
  const { source, output } = implicit.macsPerPixel;
  const patient = Math.sqrt(JOB_TILE_MACS / (output + source / scale ** 2));
  return Math.max(SMALLEST_TILE, Math.min(Math.floor(patient), oneRunSide(implicit, scale)));
}

/** How long such a tile may be, where it is as much shorter the other way: one run of the graphs still. */
export function longestJobTile(implicit: Implicit, scale: number): number {
  const side = jobTileSide(implicit, scale);
  return Math.max(side, Math.min(longestSide(side), oneRunSide(implicit, scale)));
}
