import type { SheetTheme } from '../../../shared/sheet';
import {
  lineWidth,
  MM_PER_INCH,
  POINTS_PER_INCH,
  type ColouredSpan,
  type Item,
  type Line,
  type Measure,
  type Text,
} from '../drawing';

/** Colours of a theme; on a transparent sheet letters are dark. */
export interface Inks {
  readonly background: string | null;
  readonly ink: string;
  readonly muted: string;
}

export const INKS: Readonly<Record<SheetTheme, Inks>> = {
  light: { background: '#ffffff', ink: '#111111', muted: '#555555' },
  dark: { background: '#1b1b1b', ink: '#f2f2f2', muted: '#b4b4b4' },
  transparent: { background: null, ink: '#111111', muted: '#555555' },
};

/** Letters' sizes in points; figures are never set smaller than the least. */
export const TYPE = { title: 9.5, name: 7, caption: 6.5, least: 5 } as const;
const LEADING = 1.22;
/** Of an em, above the line that letters stand on. */
const ASCENT = 0.8;

/** What every part of a layout needs: how long a millimetre and a point are, how wide texts are, which colours. */
export interface Page {
  readonly density: number;
  /** Of the whole sheet, in dots. */
  readonly width: number;
  readonly inks: Inks;
  readonly measure: Measure;
}

export const mm = ({ density }: Pick<Page, 'density'>, length: number): number =>
  (length * density) / MM_PER_INCH;
export const wholeMm = (page: Pick<Page, 'density'>, length: number): number =>
  Math.max(1, Math.round(mm(page, length)));
export const points = ({ density }: Pick<Page, 'density'>, length: number): number =>
  (length * density) / POINTS_PER_INCH;

const coloured = ({ inks }: Page, line: Line): ColouredSpan[] =>
  line.map(({ text, weight = 'regular', underlined = false, muted = false }) => ({
    text,
    weight,
    underlined,
    colour: muted ? inks.muted : inks.ink,
  }));

/** Height of a line of letters of a size in points, in dots. */
export const lineHeight = (page: Page, size: number): number => points(page, size * LEADING);

/** Lines of text below each other, from `top` on; those without letters only take room. */
export function setLines(
  page: Page,
  lines: readonly Line[],
  at: { readonly x: number; readonly top: number; readonly size: number; readonly anchor: Text['anchor'] },
): Text[] {
  return lines.flatMap((line, k) => {
    if (lineWidth(line, page.measure) === 0) return [];
    const top = at.top + k * lineHeight(page, at.size);
    return [
      {
        kind: 'text' as const,
        x: at.x,
        anchor: at.anchor,
        baseline: top + points(page, at.size * ASCENT),
        size: points(page, at.size),
        spans: coloured(page, line),
      },
    ];
  });
}

/** Items moved down and to the right, in whole dots. */
export const moved = (items: readonly Item[], dx: number, dy: number): Item[] =>
  items.map((item) =>
    item.kind === 'text'
      ? { ...item, x: item.x + dx, baseline: item.baseline + dy }
      : { ...item, x: item.x + dx, y: item.y + dy },
  );

/** A part of a sheet, from its own upper left. */
export interface Part {
  readonly items: readonly Item[];
  /** In whole dots. */
  readonly height: number;
}

/** Parts below each other, `gap` dots between. */
export function stacked(parts: readonly Part[], gap: number): Part {
  let y = 0;
  const items: Item[] = [];
  for (const [k, part] of parts.entries()) {
    if (k > 0) y += gap;
    items.push(...moved(part.items, 0, y));
    y += part.height;
  }
  return { items, height: y };
}
