import type { MethodCard, MethodOptions, Turned } from '../../shared/contract';

/** How much longer a mean over the 8 flips and rotations takes. */
export const ENSEMBLE_WORK = 8;

/** Seeds are drawn below this: short enough to be read out and typed in again. */
const SEED_END = 1_000_000;

/** Interpolations are the same in all flips and rotations: their mean is what they make anyway. */
export const canAverage = (card: MethodCard): boolean => card.family !== 'interpolation';

/** What a method is asked with: its switches, and of its controls those that were turned. */
export function optionsOf(card: MethodCard | null, turned: Turned = {}): MethodOptions {
  const controls = card?.controls.map(({ id }) => id) ?? [];
  return {
    ensemble: Boolean(turned.ensemble) && (card === null || canAverage(card)),
    consistent: Boolean(turned.consistent) && !card?.alwaysConsistent,
    ...Object.fromEntries(
      controls.filter((id) => turned[id] !== undefined).map((id) => [id, turned[id]] as const),
    ),
  };
}

/** Another seed than `current`; `random` gives numbers in [0, 1). */
export function drawSeed(current: number, random: () => number = Math.random): number {
  const drawn = Math.floor(random() * (SEED_END - 1));
  return drawn >= current ? drawn + 1 : drawn;
}
