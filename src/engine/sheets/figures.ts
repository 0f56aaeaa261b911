import type { BlindKind } from '../../shared/blind';
import { opinionText, strengthText } from '../../shared/blindTables';
import type { SheetOpinion } from '../../shared/sheet';
import type { Line, Span } from './drawing';

/** Of a result beside the truth. PSNR is null where nothing differs; SSIM and LPIPS where they cannot be measured. */
export interface Fidelity {
  readonly psnrY: number | null;
  readonly ssimY: number | null;
  readonly lpips: number | null;
}

/** PSNR of luma of a result reduced again beside what it was made from; null where nothing differs. */
export interface Agreement {
  readonly consistency: number | null;
}

export type Figures = Fidelity | Agreement;

/** One figure as it is printed, and how it ranks. */
interface Printed {
  readonly text: string;
  /** Larger is better; null ranks nowhere. */
  readonly rank: number | null;
}

export type Mark = 'best' | 'second' | 'none';

/**
 * The best and the second best of ranks, by what is printed: those that print alike are marked alike. Where all
 * are alike none is, and of two none is the second best.
 */
export function marksOf(ranks: readonly (number | null)[]): Mark[] {
  const steps = [...new Set(ranks.filter((rank) => rank !== null))].sort((a, b) => b - a);
  if (steps.length < 2) return ranks.map(() => 'none');
  return ranks.map((rank) =>
    rank === null
      ? 'none'
      : rank === steps[0]
        ? 'best'
        : rank === steps[1] && ranks.length > 2
          ? 'second'
          : 'none',
  );
}

const decibels = (value: number | null): Printed =>
  value === null
    ? { text: 'exact', rank: Infinity }
    : { text: value.toFixed(2), rank: Number(value.toFixed(2)) };

function share(value: number | null, isBetter: 'larger' | 'smaller'): Printed {
  if (value === null) return { text: '–', rank: null };
  const text = value.toFixed(4);
  return { text, rank: isBetter === 'larger' ? Number(text) : -Number(text) };
}

/** Figures of one line each, as many for every entry. */
function printed(figures: Figures): Printed[][] {
  if ('consistency' in figures) return [[decibels(figures.consistency)]];
  const { psnrY, ssimY, lpips } = figures;
  const first = [decibels(psnrY), share(ssimY, 'larger')];
  return lpips === null ? [first] : [first, [share(lpips, 'smaller')]];
}

/** A figure by its mark: the best bold, the second best underlined. */
const marked = (text: string, mark: Mark): Span => ({
  text,
  muted: mark === 'none',
  ...(mark === 'best' && { weight: 'bold' }),
  ...(mark === 'second' && { underlined: true }),
});

const BEFORE: readonly string[] = ['', 'LPIPS '];

/**
 * Figures of methods beside each other as lines, with the digits that "enlarger metrics" prints: the best of each
 * kind bold, the second best underlined. An entry without figures (null) has no line.
 */
export function figureLines(entries: readonly (Figures | null)[]): Line[][] {
  const rows = entries.map((figures) => (figures === null ? [] : printed(figures)));
  const marks = (line: number, place: number): Mark[] =>
    marksOf(rows.map((row) => row[line]?.[place]?.rank ?? null));
  return rows.map((row, entry) =>
    row.map((line, l) => [
      ...(BEFORE[l] ? [{ text: BEFORE[l], muted: true }] : []),
      ...line.flatMap(({ text }, place): Span[] => {
        const span = marked(text, marks(l, place)[entry]!);
        return place === 0 ? [span] : [{ text: ' / ', muted: true }, span];
      }),
    ]),
  );
}

type Estimated = Pick<SheetOpinion, 'value' | 'low' | 'high'>;

/** A line for each estimate: what it is, its figure (the best bold, the second best underlined), its interval. */
function estimateLines(
  says: string,
  entries: readonly (Estimated | null | undefined)[],
  textOf: (value: number) => string,
  spreadOf: (entry: Estimated, low: number, high: number) => string,
): Line[][] {
  const texts = entries.map((entry) => (entry ? textOf(entry.value) : undefined));
  const marks = marksOf(texts.map((text) => (text === undefined ? null : Number.parseFloat(text))));
  return entries.map((entry, k): Line[] => {
    if (!entry) return [];
    const { low, high } = entry;
    const spread = low === null || high === null ? '' : spreadOf(entry, low, high);
    return [
      [
        { text: `${says} `, muted: true },
        marked(texts[k]!, marks[k]!),
        ...(spread === '' ? [] : [{ text: spread, muted: true }]),
      ],
    ];
  });
}

/** Of an interval that lies even about its figure. */
const evenSpread = ({ value }: Estimated, _low: number, high: number): string =>
  ` ± ${(high - value).toFixed(2)}`;
const shareSpread = (_: Estimated, low: number, high: number): string =>
  ` (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)})`;

/**
 * What blind comparisons say of methods beside each other: a mean opinion score with half of its interval; or the
 * share of pairs won with its bounds and, where they are known, strengths below it with half of theirs. An entry about
 * which nothing is known (undefined) has no line.
 */
export function opinionLines(kind: BlindKind, entries: readonly (SheetOpinion | undefined)[]): Line[][] {
  const textOf = (value: number): string => opinionText(kind, value);
  if (kind === 'rate') return estimateLines('MOS', entries, textOf, evenSpread);
  const shares = estimateLines('chosen', entries, textOf, shareSpread);
  const strengths = entries.map((entry) => entry?.strength);
  const below = estimateLines('strength', strengths, strengthText, evenSpread);
  return shares.map((lines, k) => [...lines, ...below[k]!]);
}
