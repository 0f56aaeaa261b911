import type { GivenAnswer, Opinion, Opinions } from './contract';
import { csvLines } from './csv';
import { settingsOf } from './enlargement';
import { layTable } from './textTable';

/** Blind comparisons as files and lines: for spreadsheets, programs and the terminal. */

type Candidate = Opinion['method'];

/** What was turned in a candidate, as a method's settings are written in the terminal: `ensemble:crispness=0.4`. */
export function settingsText(candidate: Candidate): string {
  return candidate === null ? '' : settingsOf(candidate.turned).join(':');
}

/** A candidate in a word: its id with its settings, or `original`. */
export const candidateText = (candidate: Candidate): string =>
  candidate === null ? 'original' : [candidate.id, settingsText(candidate)].filter(Boolean).join(':');

/** CSV (RFC 4180), a row a candidate: a mean opinion score, or the share of its pairs that it won and its strength, each with 95 % bounds. */
export function opinionsCsv(all: readonly Opinions[]): string[] {
  const head = [
    ...['photo', 'sha256', 'truth', 'scale', 'kind', 'comparisons', 'raters', 'crops'],
    ...['method', 'settings', 'sum', 'value', 'low95', 'high95', 'n'],
    ...['strength', 'strengthLow95', 'strengthHigh95'],
  ];
  const rows = all.flatMap(({ photo, truth, scale, kind, comparisons, raters, crops, opinions }) =>
    opinions.map(({ method, value, low, high, n, strength }) => [
      ...[photo.name, photo.sha256, truth, scale, kind, comparisons, raters.join(';'), crops],
      ...[method?.id ?? 'original', settingsText(method), method?.sum ?? '', value, low, high, n],
      ...[strength?.value, strength?.low, strength?.high],
    ]),
  );
  return csvLines([head, ...rows]);
}

/** CSV, a row an answer as it was given: of a pair the answer is 1 for the left, 2 for the right, 0 for neither. */
export function answersCsv(all: readonly GivenAnswer[]): string[] {
  const head = [
    ...['comparison', 'rater', 'at', 'photo', 'sha256', 'truth', 'scale', 'kind', 'seed', 'trial'],
    ...['x', 'y', 'width', 'height', 'left', 'leftSum', 'right', 'rightSum', 'answer'],
  ];
  const rows = all.map(({ crop: { x, y, width, height }, shown, ...one }) => {
    const [left = null] = shown;
    const right = shown.length > 1 ? (shown[1] ?? null) : undefined;
    return [
      ...[one.comparison, one.rater, new Date(one.at).toISOString(), one.photo, one.sha256],
      ...[one.truth, one.scale, one.kind, one.seed, one.trial, x, y, width, height],
      ...[candidateText(left), left?.sum ?? ''],
      ...(right === undefined ? ['', ''] : [candidateText(right), right?.sum ?? '']),
      one.answer,
    ];
  });
  return csvLines([head, ...rows]);
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** A figure and its bounds as people read them: `3.83`, or `67 %`. */
export const opinionText = (kind: Opinions['kind'], value: number | null): string =>
  value === null ? '-' : kind === 'rate' ? value.toFixed(2) : percent(value);

/** A strength, or a bound of it, as people read it: a natural logarithm. */
export const strengthText = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value.toFixed(2);

/** Lines for a terminal: what was asked, then a row a candidate. */
export function opinionsLines({
  photo,
  truth,
  scale,
  kind,
  comparisons,
  raters,
  crops,
  opinions,
}: Opinions): string[] {
  const of = raters.length > 0 ? ` by ${raters.join(', ')}` : '';
  const columns = [
    { title: 'method', align: 'left' as const },
    ...[
      ...[kind === 'rate' ? 'MOS' : 'chosen', '95 % from', 'to', 'n'],
      ...(kind === 'pairs' ? ['strength', '95 % from', 'to'] : []),
    ].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = opinions.map(({ method, value, low, high, n, strength }) => [
    candidateText(method),
    opinionText(kind, value),
    opinionText(kind, low),
    opinionText(kind, high),
    String(n),
    ...(kind === 'pairs' ? [strength?.value, strength?.low, strength?.high].map(strengthText) : []),
  ]);
  return [
    `${photo.name} x${Number(scale.toFixed(3))}${truth === 'hide' ? ', reduced and recovered' : ''}: ` +
      `${comparisons} blind ${comparisons === 1 ? 'comparison' : 'comparisons'} of ${crops} ${crops === 1 ? 'crop' : 'crops'}${of}`,
    ...layTable(columns, rows),
  ];
}
