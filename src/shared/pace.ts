import type { MethodCard } from './contract';

/** What of a card a time follows from. */
export type PacedCard = Pick<MethodCard, 'scales' | 'weights' | 'paces'>;

const USUAL_SCALE = 2;
/** A network's pace between its scales: beyond this ratio of scales nothing is said rather than nonsense. */
const NEAR = 2;

/** The scale at which a method's pace is stated: x2, or the smallest it has. */
export const usualScale = ({ scales }: Pick<MethodCard, 'scales'>): number =>
  Array.isArray(scales) ? Math.min(...scales) : USUAL_SCALE;

/** The scale whose pace counts for an enlargement by `scale`; of fixed ones the own scale that is run for it. */
export function pacedScale({ scales }: Pick<MethodCard, 'scales'>, scale: number): number {
  if (!Array.isArray(scales)) return Math.max(1, Math.round(scale));
  const larger = scales.filter((own) => own >= scale);
  return larger.length > 0 ? Math.min(...larger) : Math.max(...scales);
}

/** Seconds a megapixel of output at the method's usual scale; null: not known. */
export const usualPace = (card: PacedCard): number | null => card.paces[usualScale(card)] ?? null;

/** Seconds a megapixel in digits: two that matter below ten, whole ones above. */
export const paceText = (seconds: number): string =>
  seconds < 9.95 ? seconds.toPrecision(2) : String(Math.round(seconds));

/**
 * Seconds that computing an enlargement takes on this machine, from the pace at the scale that is run for it; null
 * where nobody has measured that. Writing the file is not in it.
 */
export function secondsFor(card: PacedCard, scale: number, megapixels: number): number | null {
  const own = pacedScale(card, scale);
  if (Array.isArray(card.scales)) {
    const pace = card.paces[own];
    // Its own scale is what is computed; the resampler that goes on from there is small beside it.
    return pace === undefined ? null : pace * megapixels * (own / scale) ** 2;
  }
  const ratio = (known: number): number => Math.max(known / own, own / known);
  const [nearest] = Object.keys(card.paces)
    .map(Number)
    .sort((a, b) => ratio(a) - ratio(b));
  if (nearest === undefined || (card.weights > 0 && ratio(nearest) > NEAR)) return null;
  return card.paces[nearest]! * megapixels;
}
