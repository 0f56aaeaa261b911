import type { Cell, Row, SheetContent } from '../content';
import type { Drawing, Item, Line, Measure } from '../drawing';
import { labelsOf } from './labels';
import { lineHeight, moved, setLines, wholeMm, INKS, type Page } from './page';
import { cellPictures } from './pictures';
import { tradeoffPart } from './tradeoff';
import { drawnLength, fittingZoom } from './zoom';

/** Dots an inch of a screen. */
const SCREEN_DENSITY = 144;
/** Dots: about as wide as the frames become. */
const WIDTH = 960;
const LETTERS = 9;
/** Millimetres. */
const GAP = 2;
const BEFORE_LABEL = 1;

/** One after another: what every method made of the same crops, at the same place. */
export interface Frame {
  readonly drawing: Drawing;
  readonly name: string;
}

/**
 * Frames that lie on each other: the crops beside each other, under them the method's name and figures. Crops are
 * drawn on whole dots. A plot of methods lies below them and stays.
 */
export function blinkFrames({ rows, style, tradeoff }: SheetContent, measure: Measure): Frame[] {
  const inks = INKS[style.theme];
  const page: Page = { density: SCREEN_DENSITY, width: WIDTH, inks, measure };
  const gap = wholeMm(page, GAP);
  const room = Math.floor((WIDTH - (rows.length + 1) * gap) / rows.length);
  const sizes = rows.map(({ cells }) => {
    const { width, height } = largest(cells);
    const zoom = fittingZoom(width, room);
    return { width: drawnLength(width, zoom), height: drawnLength(height, zoom) };
  });
  const count = Math.max(...rows.map(({ cells }) => cells.length));
  const width = sizes.reduce((sum, size) => sum + size.width, 0) + (rows.length + 1) * gap;
  const tallest = Math.max(...sizes.map(({ height }) => height));
  // All labels of all frames have one size and as many lines.
  const entries = Array.from({ length: count }, (_, k) =>
    rows.map((row) => ({ name: '', more: linesOf(row, k) })),
  ).flat();
  const labels = labelsOf(page, entries, Math.min(...sizes.map((size) => size.width)) + gap * 0.8, LETTERS);
  const labelHeight = Math.ceil(labels.lines[0]!.length * lineHeight(page, labels.size));
  const before = wholeMm(page, BEFORE_LABEL);
  const above = tallest + 2 * gap + before + labelHeight;
  const plot = tradeoff && tradeoffPart({ ...page, width: width - 2 * gap }, tradeoff, style.theme);
  const height = above + (plot ? plot.height + gap : 0);
  return Array.from({ length: count }, (_, k) => {
    const items: Item[] = [];
    let x = gap;
    rows.forEach((row, r) => {
      const size = sizes[r]!;
      items.push(...cellPictures(page, withoutError(row.cells[k]!), row, x, gap, size));
      items.push(
        ...setLines(page, labels.lines[k * rows.length + r]!, {
          x: x + size.width / 2,
          top: gap + tallest + before,
          size: labels.size,
          anchor: 'middle',
        }),
      );
      x += size.width + gap;
    });
    if (plot) items.push(...moved(plot.items, gap, above));
    return {
      name: rows[0]!.cells[k]!.name,
      drawing: { width, height, density: SCREEN_DENSITY, background: inks.background, items },
    };
  });
}

/** A ladder's crops have many sizes; all frames are as large as the largest. */
const largest = (cells: readonly Cell[]): Cell['size'] =>
  cells.reduce((most, { size }) => (size.width > most.width ? size : most), cells[0]!.size);

const withoutError = ({ picture, size, name, whole, crop, opinion, bar }: Cell): Cell => ({
  picture,
  size,
  name,
  whole,
  crop,
  ...(opinion && { opinion }),
  ...(bar && { bar }),
});

function linesOf({ cells, name }: Row, k: number): Line[] {
  const cell = cells[k]!;
  const called: Line = [{ text: name === undefined ? cell.name : `${name} ${cell.name}`, weight: 'bold' }];
  return [called, ...cell.crop, ...(cell.opinion ?? [])];
}
