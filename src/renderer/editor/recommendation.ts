import type { MethodCard, PhotoCondition } from '../../shared/contract';

/** Why a method is recommended for a photo; the locales say each (`recommend.because.*`). */
export const REASONS = ['jpeg', 'noise', 'blurred', 'clean', 'quick', 'thorough'] as const;

export interface Recommendation {
  readonly method: string;
  readonly reason: (typeof REASONS)[number];
  /** JPEG quality, or noise in steps of 8 bits, where the reason speaks of it. */
  readonly figure: number | null;
}

/** Methods that take away what a photo suffers from, the most thorough first; then those that keep what is there. */
const RESTORING = ['enlarger-photo', 'blind-edsr', 'blind-compact'] as const;
const FAITHFUL = ['enlarger', 'edsr', 'enlarger-fast', 'bicubic'] as const;
const QUICK = { restoring: 'blind-compact', faithful: 'enlarger-fast' } as const;

/** Longer than this is not waited for without asking, seconds. */
const PATIENCE = 120;

function because({ findings, jpegQuality, noise }: PhotoCondition): Omit<Recommendation, 'method'> {
  const [worst] = findings;
  if (worst === 'jpeg-blocks') return { reason: 'jpeg', figure: jpegQuality };
  if (worst === 'noise') return { reason: 'noise', figure: noise };
  return { reason: worst === 'blurred' ? 'blurred' : 'clean', figure: null };
}

/**
 * Which methods suit a photo, the best first, one or two: what restores where JPEG or noise would be enlarged too,
 * what is faithful where nothing is to be taken away; and the quick one of the kind where the best is not, or takes
 * longer than two minutes. `secondsOf` says how long a method takes for this photo at its scale; null: not known.
 */
export function recommend(
  condition: PhotoCondition,
  cards: readonly MethodCard[],
  secondsOf: (card: MethodCard) => number | null,
): readonly Recommendation[] {
  const there = (id: string): MethodCard | undefined => cards.find((card) => card.id === id);
  const why = because(condition);
  const restores = why.reason === 'jpeg' || why.reason === 'noise';
  const best = (restores ? RESTORING : FAITHFUL).map(there).find((card) => card !== undefined);
  if (!best) return [];
  const quick = there(restores ? QUICK.restoring : QUICK.faithful);
  const first: Recommendation = { method: best.id, ...why };
  if (!quick || quick.id === best.id) return [first];
  const second: Recommendation = { method: quick.id, reason: 'quick', figure: null };
  const seconds = secondsOf(best);
  if (seconds === null || seconds <= PATIENCE) return [first, second];
  return [
    { method: quick.id, ...why },
    { method: best.id, reason: 'thorough', figure: null },
  ];
}
