import type { ConditionFinding, PhotoCondition } from '../../../shared/contract';
import type { Raster } from '../raster';
import { blockGrid } from './blockGrid';
import { blurWidth } from './blur';
import { codedLuma } from './luma';
import { jpegQuality } from './jpegQuality';
import { noiseLevel } from './noise';

/**
 * From where on each shows once it is enlarged: chosen on 22 photographs that were coded, blurred, enlarged and made
 * noisy on purpose. Fur and grass from edge to edge count as noise; nothing else in them was taken for what it is not.
 */
const QUALITY_BELOW = 80;
const BLOCKING_FROM = 1.15;
const NOISE_FROM = 4;
const BLUR_FROM = 0.9;

/** What of a condition is worth a word. */
export function findingsOf({
  jpegQuality: quality,
  blocking,
  noise,
  blur,
}: Omit<PhotoCondition, 'findings'>): ConditionFinding[] {
  return [
    ...(quality !== null && quality < QUALITY_BELOW && blocking >= BLOCKING_FROM
      ? (['jpeg-blocks'] as const)
      : []),
    ...(noise !== null && noise >= NOISE_FROM ? (['noise'] as const) : []),
    ...(blur !== null && blur >= BLUR_FROM ? (['blurred'] as const) : []),
  ];
}

/**
 * A photo's condition from parts of it: `pieces` have values in [0, 1], lie at multiples of 8 pixels of the photo (so
 * that JPEG's blocks fall alike in all), and should hold its detail; a million pixels in all are plenty.
 */
export function conditionOf(pieces: readonly Raster[]): PhotoCondition {
  const lumas = pieces.map(codedLuma);
  const grid = blockGrid(lumas);
  const noise = noiseLevel(lumas);
  const measured = {
    jpegQuality: jpegQuality(pieces, grid),
    blocking: grid.blocking,
    noise,
    blur: blurWidth(lumas, noise ?? 0),
  };
  return { ...measured, findings: findingsOf(measured) };
}
