import type { MethodCard, MethodOptions, MethodOrder } from '../../shared/contract';
import { PLAIN_OPTIONS } from '../../shared/enlargement';
import { secondsFor, usualPace } from '../../shared/pace';
import { ENSEMBLE_WORK } from './methodSettings';
import { searchWords } from './searchWords';

/** Families in the order in which they appear: from what is plainest to what learns most, then the user's own. */
export const FAMILIES = [
  'interpolation',
  'convolutional',
  'residual',
  'attention',
  'implicit',
  'adversarial',
  'blind',
  'enlarger',
  'imported',
  'personal',
] as const;
export type Family = (typeof FAMILIES)[number];

const isFamily = (name: string): name is Family => (FAMILIES as readonly string[]).includes(name);

/** Under which heading a method stands: its family's, or for the user's own models where they come from. */
const familyOf = ({ origin, family }: MethodCard): string => (origin === 'bundled' ? family : origin);

export interface MethodGroup {
  readonly family: string;
  readonly methods: readonly MethodCard[];
}

const words = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether every word of a search occurs in what the card says about itself, or in what people call its task. */
export function matches(card: MethodCard, search: string): boolean {
  const { paper } = card;
  const text = [
    ...[card.id, card.name, card.family, familyOf(card), card.source],
    ...[paper?.title, paper?.authors, paper?.year, card.goodAt, searchWords(card.id, card.family)],
  ]
    .join(' ')
    .toLowerCase();
  return words(search).every((word) => text.includes(word));
}

/** Cards by family, families in their order and unknown ones last, the engine's order kept inside. */
export function groupMethods(cards: readonly MethodCard[], search = ''): MethodGroup[] {
  const groups = new Map<string, MethodCard[]>();
  for (const card of cards) {
    if (!matches(card, search)) continue;
    const family = familyOf(card);
    groups.set(family, [...(groups.get(family) ?? []), card]);
  }
  const rank = (family: string): number => (isFamily(family) ? FAMILIES.indexOf(family) : FAMILIES.length);
  return [...groups]
    .map(([family, methods]) => ({ family, methods }))
    .sort((a, b) => rank(a.family) - rank(b.family));
}

/** Seconds that an enlargement to so many megapixels takes on this machine; null: not measured yet. */
export function estimateSeconds(
  card: MethodCard,
  scale: number,
  megapixels: number,
  { ensemble }: Pick<MethodOptions, 'ensemble'> = PLAIN_OPTIONS,
): number | null {
  const seconds = secondsFor(card, scale, megapixels);
  return seconds === null ? null : seconds * (ensemble ? ENSEMBLE_WORK : 1);
}

/** `x2 x3 x4`, or a range, as short text. */
export function scalesText(card: MethodCard): string {
  if (!Array.isArray(card.scales)) return `×${card.scales.min}–${card.scales.max}`;
  return card.scales.length === 0 ? '' : `×${card.scales.join(' ')}`;
}

/** True where the method makes this scale itself, not by composing and resampling. */
export function makesScale(card: MethodCard, scale: number): boolean {
  return Array.isArray(card.scales)
    ? card.scales.includes(scale)
    : scale >= card.scales.min && scale <= card.scales.max;
}

export interface Figure {
  readonly dataset: string;
  readonly scale: string;
  readonly psnrY: number;
  /** 0 to 1: from the poorest to the best method of the list at the same dataset and scale. */
  readonly share: number;
}

/** A card's figures as shares of the best, for bars; `against` is every method of the list. */
export function figuresOf(card: MethodCard, against: readonly MethodCard[]): Figure[] {
  return Object.entries(card.psnrY).flatMap(([dataset, byScale]) =>
    inOrder(byScale).map(([scale, psnrY]) => {
      const all = against.map((other) => other.psnrY[dataset]?.[scale]).filter((one) => one !== undefined);
      const least = Math.min(psnrY, ...all);
      const best = Math.max(psnrY, ...all);
      // A tenth is kept for the poorest, so that a bar is never taken for a missing figure.
      const share = best === least ? 1 : 0.1 + (0.9 * (psnrY - least)) / (best - least);
      return { dataset, scale, psnrY, share };
    }),
  );
}

/** Figures by their scale: x2 before x3 before x10. */
const inOrder = (byScale: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(byScale).sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));

/** What the list is ordered by, and for what. */
export interface ListOrder {
  readonly by: MethodOrder;
  readonly favourites: readonly string[];
  readonly scale: number;
}

/** Set5 at the whole scale from 2 to 4 nearest to this one: what fidelity (PSNR-Y) and perception (LPIPS) are ordered by. */
const figureOn = (figures: MethodCard['psnrY'], scale: number): number | null =>
  figures['Set5']?.[`x${Math.min(4, Math.max(2, Math.round(scale)))}`] ?? null;

/** What the list is ordered by as a number, the more the better; a method without it comes last. */
const WORTH: Readonly<Record<Exclude<MethodOrder, 'family'>, (card: MethodCard, scale: number) => number>> = {
  speed: (card) => -(usualPace(card) ?? Infinity),
  fidelity: ({ psnrY }, scale) => figureOn(psnrY, scale) ?? -Infinity,
  perception: ({ lpips }, scale) => -(figureOn(lpips, scale) ?? Infinity),
};

/** Groups as they are shown: favourites first, the rest by family, or in one list by what it is ordered by. */
export function orderMethods(cards: readonly MethodCard[], search: string, order: ListOrder): MethodGroup[] {
  const found = cards.filter((card) => matches(card, search));
  const chosen = order.favourites.flatMap((id) => found.filter((card) => card.id === id));
  const rest = found.filter((card) => !chosen.includes(card));
  const first = chosen.length > 0 ? [{ family: 'favourites', methods: chosen }] : [];
  if (order.by === 'family') return [...first, ...groupMethods(rest)];
  const worth = WORTH[order.by];
  const sorted = [...rest].sort((a, b) => Math.sign(worth(b, order.scale) - worth(a, order.scale)) || 0);
  return sorted.length > 0 ? [...first, { family: order.by, methods: sorted }] : first;
}
