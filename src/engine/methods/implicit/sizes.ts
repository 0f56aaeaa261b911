import { overlapOf, type Implicit } from '../../../shared/manifest';
import type { BatchLimits } from './batches';
import type { FeaturePlan } from './featureTiles';
import { coreSide } from '../../runtime/tileSize';

/** Small, for what a rectangle only touches is made whole; missing neighbours are made in one run anyway. */
const TILE_SIDE = 32;
/** Features of one run, beside the run's own memory. */
const FEATURE_BYTES = 96 * 2 ** 20;

/** How a method's photos are cut for its source graphs: see `FeaturePlan`. */
export function featurePlan(implicit: Implicit): FeaturePlan {
  const { align, receptiveField, macsPerPixel, liveBytesPerPixel, source } = implicit;
  const { before, after } = overlapOf(receptiveField);
  const side = Math.ceil(TILE_SIDE / align) * align;
  const widest = source.reduce((most, { channels }) => Math.max(most, channels), 1);
  const costs = { macsPerPixel: macsPerPixel.source, liveBytesPerPixel, overlap: before + after + 1 };
  const pixels = Math.min(coreSide(costs, side), Math.sqrt(FEATURE_BYTES / (4 * widest)));
  // Graphs that see further than any overlap give the same only where their tiles are the same.
  const mostAtOnce = receptiveField.exact ? Math.max(1, Math.floor(pixels / side)) : 1;
  return { side, align, reach: { before, after }, mostAtOnce };
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

/** Multiplications of one tile of a job: about a second on two cores, in which nobody else has a turn. */
const JOB_TILE_MACS = 5e10;
const SMALLEST_TILE = 16;
const LARGEST_TILE = 1024;

export function jobTileSide({ macsPerPixel: { source, output } }: Implicit, scale: number): number {
  if (scale === 1) return LARGEST_TILE / 2;
  const side = Math.floor(Math.sqrt(JOB_TILE_MACS / (output + source / scale ** 2)));
  return Math.max(SMALLEST_TILE, Math.min(LARGEST_TILE, side));
}
