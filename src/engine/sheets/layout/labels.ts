import type { Cell } from '../content';
import { lineWidth, type Line, type Measure } from '../drawing';
import { fittingSize, wrap } from './lines';
import { points, TYPE, type Page } from './page';

/** What stands under (or over) pictures of one width. */
export interface Labels {
  /** In points: one for all. */
  readonly size: number;
  /** As many lines each, filled up with empty ones. */
  readonly lines: readonly (readonly Line[])[];
}

const EMPTY: Line = [{ text: '' }];

/** The widest of lines that cannot be broken, in ems. */
export const widest = (lines: readonly Line[], measure: Measure): number =>
  Math.max(0, ...lines.map((line) => lineWidth(line, measure)));

/** Names in lines of their own, broken where they must be, and under each what else is said of it. */
export function labelsOf(
  page: Page,
  entries: readonly { readonly name: string; readonly more: readonly Line[] }[],
  width: number,
  most: number = TYPE.name,
): Labels {
  const room = width / points(page, 1);
  const limits = { most, least: Math.min(most, TYPE.least) };
  const fixed = entries.flatMap(({ more }) => more);
  const words = entries
    .flatMap(({ name }) => name.split(/(?<=[\s-])/))
    .map((word): Line => [{ text: word.trim() }]);
  const names = entries.map(({ name }): Line => [{ text: name }]);
  const whole = fittingSize([...fixed, ...names], room, limits, page.measure);
  // A name in two lines is better read than one in small letters.
  const size = whole >= most - 1 ? whole : fittingSize([...fixed, ...words], room, limits, page.measure);
  const broken = entries.map(({ name }) => (name === '' ? [] : wrap(name, room / size, page.measure)));
  const nameLines = Math.max(0, ...broken.map(({ length }) => length));
  const moreLines = Math.max(0, ...entries.map(({ more }) => more.length));
  const lines = entries.map(({ more }, k) => [
    ...broken[k]!,
    ...more,
    ...Array<Line>(nameLines + moreLines - broken[k]!.length - more.length).fill(EMPTY),
  ]);
  return { size, lines };
}

const besides = (cell: Cell): Line => [{ text: `${cell.name}  ` }, ...(cell.whole[0] ?? [])];

/** Figures of photo and crop below each other say which they are; opinions come last. */
export function told({ whole, crop, opinion = [] }: Cell): Line[] {
  const before = (says: string, lines: readonly Line[]): Line[] =>
    lines.map((line, k) => (k === 0 ? [{ text: `${says} `, muted: true }, ...line] : line));
  const figures = whole.length === 0 ? crop : [...before('photo', whole), ...before('crop', crop)];
  return [...figures, ...opinion];
}

/** A cell's name with the whole photo's figures beside it where all fit so, below it elsewhere; then the crop's. */
export function cellLabels(
  page: Page,
  cells: readonly Cell[],
  width: number,
  most: number = TYPE.name,
): Labels {
  const room = width / points(page, 1);
  const joined = cells.map(besides);
  const isJoined =
    cells.every(({ whole }) => whole.length <= 1) &&
    widest(joined, page.measure) * Math.min(most, TYPE.name - 0.5) <= room;
  if (!isJoined) {
    return labelsOf(
      page,
      cells.map((cell) => ({ name: cell.name, more: told(cell) })),
      width,
      most,
    );
  }
  const more = cells.map(({ crop, opinion = [] }, k) => [joined[k]!, ...crop, ...opinion]);
  return labelsOf(
    page,
    more.map((lines) => ({ name: '', more: lines })),
    width,
    most,
  );
}
