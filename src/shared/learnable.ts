import type { Manifest } from './manifest';

/** What can learn from photos, and from which: asked by trainings, and by the form that begins one. */

/** Sides of the squares that photos are cut into to learn from, in reduced pixels. */
export const LEARNED_SQUARE = 64;

/** Scales at which a method of any scale learns in turn, where none is named. */
const SEVERAL = [2, 3, 4];

/** The scales at which a method with weights learns, where none is named. */
export const usualScales = ({ kind, scales }: Pick<Manifest, 'kind' | 'scales'>): readonly number[] =>
  kind === 'implicit' ? SEVERAL : [Math.min(...scales)];

/** Pixels of its shorter side that a photo needs at least to be learned from at these scales. */
export const leastSide = (scales: readonly number[]): number => LEARNED_SQUARE * Math.max(...scales);

/** Why a method with weights cannot learn from photos, as a sentence goes on; null: it can. */
export function whyNotLearnable({
  implicit,
  controls,
}: Pick<Manifest, 'implicit' | 'controls'>): string | null {
  if (!implicit) return null;
  if (implicit.prior) return 'what it makes of a patch depends on a prior of the whole photo';
  return controls.some(({ id }) => id === 'denoise')
    ? 'it would learn with its control denoise at one place and forget what the others mean'
    : null;
}

/** Whether a network's file runs at the size of what is learned from. */
export const runsAtSquare = ({ largestInput }: { readonly largestInput?: number | undefined }): boolean =>
  largestInput === undefined || largestInput >= LEARNED_SQUARE;

/** The scales at which a method learns where none is named, for its card; null: it cannot. */
export function learnsAt(manifest: Manifest): number[] | null {
  const { implicit, files } = manifest;
  const canRun = implicit !== undefined || files.some(runsAtSquare);
  return canRun && whyNotLearnable(manifest) === null ? [...usualScales(manifest)] : null;
}
