import type { Cell, Row } from '../content';
import type { Item, Line } from '../drawing';
import { labelsOf, told, widest, type Labels } from './labels';
import { lineHeight, mm, points, setLines, stacked, TYPE, wholeMm, type Page, type Part } from './page';
import { cellHeight, cellPictures, drawnSize, photoPicture } from './pictures';

/** Millimetres. */
const GAP = 1.2;
const BETWEEN_ROWS = 1.8;
const BEFORE_LABEL = 0.6;
/** A column is at least as wide; where there are more columns they go on below. */
const NARROWEST = 13;
const NAME_COLUMN = 17;
/** Part of the width that photos in a column of their own take. */
const PHOTO_COLUMN = 0.2;

export interface TableForm {
  /** What stands before each row. */
  readonly first: 'nothing' | 'names' | 'photos';
  readonly cropZoom: number | undefined;
  readonly colours: ReadonlyMap<Row['region'], string>;
}

function firstWidth(page: Page, first: TableForm['first']): number {
  if (first === 'nothing') return 0;
  const width = first === 'names' ? mm(page, NAME_COLUMN) : page.width * PHOTO_COLUMN;
  return Math.round(width + mm(page, 2 * GAP));
}

const figuresOf = (rows: readonly Row[]): Line[] => rows.flatMap(({ cells }) => cells.flatMap(told));

/** How many columns stand side by side, and how wide each may be, in dots. */
export function tableRoom(
  page: Page,
  rows: readonly Row[],
  first: TableForm['first'],
): { readonly columns: number; readonly room: number } {
  const count = Math.max(...rows.map(({ cells }) => cells.length));
  const gap = mm(page, GAP);
  const narrowest = Math.max(
    mm(page, NARROWEST),
    widest(figuresOf(rows), page.measure) * points(page, TYPE.least + 0.5),
  );
  const width = page.width - firstWidth(page, first);
  const most = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  // Lines of columns as long as each other.
  const columns = Math.ceil(count / Math.ceil(count / most));
  return { columns, room: (width - (columns - 1) * gap) / columns };
}

/** Crops by methods, or by scales: a line of names, then a line of crops for each row. */
export function table(page: Page, rows: readonly Row[], form: TableForm): Part {
  const { columns, room } = tableRoom(page, rows, form.first);
  const count = Math.max(...rows.map(({ cells }) => cells.length));
  const groups: Part[] = [];
  for (let from = 0; from < count; from += columns) {
    const some = rows.map((row) => ({ ...row, cells: row.cells.slice(from, from + columns) }));
    groups.push(group(page, some, form, columns, room));
  }
  return stacked(groups, wholeMm(page, 2 * BETWEEN_ROWS));
}

/** Figures of the whole photo stand in the head where all rows are of one photo. */
const isOfOnePhoto = (rows: readonly Row[]): boolean =>
  rows.every(({ photo, name }) => photo.picture === rows[0]!.photo.picture && name === rows[0]!.name);

function group(page: Page, rows: readonly Row[], form: TableForm, columns: number, room: number): Part {
  const gap = wholeMm(page, GAP);
  const sizes = rows.map((row) => drawnSize(page, row, room, form.cropZoom));
  const widths = Math.max(...sizes.map(({ width }) => width));
  const before = firstWidth(page, form.first);
  const spread =
    columns > 1
      ? Math.floor((page.width - before - columns * widths - (columns - 1) * gap) / (columns - 1))
      : 0;
  const step = widths + gap + Math.max(0, spread);
  const middle = (k: number): number => before + k * step + widths / 2;
  const inHead = isOfOnePhoto(rows);
  const labelRoom = step - gap * 0.4;

  const head = labelsOf(
    page,
    rows[0]!.cells.map(({ name, whole }) => ({ name, more: inHead ? whole : [] })),
    labelRoom,
  );
  const linesOf = (cell: Cell): Line[] => (inHead ? [...cell.crop] : told(cell));
  const foot = labelsOf(
    page,
    rows.flatMap(({ cells }) => cells.map((cell) => ({ name: '', more: linesOf(cell) }))),
    labelRoom,
  );
  const parts: Part[] = [headPart(page, head, middle)];
  let label = 0;
  rows.forEach((row, r) => {
    const under = foot.lines.slice(label, (label += row.cells.length));
    parts.push(
      rowPart(page, row, {
        drawn: sizes[r]!,
        middle,
        form,
        before,
        labels: { size: foot.size, lines: under },
      }),
    );
  });
  return {
    items: stacked(parts, 0).items,
    height: stacked(parts, 0).height,
  };
}

function headPart(page: Page, { size, lines }: Labels, middle: (k: number) => number): Part {
  const items = lines.flatMap((some, k) =>
    setLines(page, some, { x: middle(k), top: 0, size, anchor: 'middle' }),
  );
  return { items, height: Math.ceil(lines[0]!.length * lineHeight(page, size) + mm(page, BEFORE_LABEL)) };
}

interface RowPlace {
  readonly drawn: { readonly width: number; readonly height: number };
  readonly middle: (k: number) => number;
  readonly form: TableForm;
  readonly before: number;
  readonly labels: Labels;
}

function rowPart(page: Page, row: Row, { drawn, middle, form, before, labels }: RowPlace): Part {
  const tall = cellHeight(page, row, drawn);
  const items: Item[] = [];
  row.cells.forEach((cell, k) => {
    const x = Math.round(middle(k) - drawn.width / 2);
    items.push(...cellPictures(page, cell, row, x, 0, drawn));
    items.push(
      ...setLines(page, labels.lines[k]!, {
        x: x + drawn.width / 2,
        top: tall + mm(page, BEFORE_LABEL),
        size: labels.size,
        anchor: 'middle',
      }),
    );
  });
  const labelled = labels.lines[0]!.length > 0;
  const below = labelled
    ? mm(page, BEFORE_LABEL) + labels.lines[0]!.length * lineHeight(page, labels.size)
    : 0;
  let height = tall + below;
  if (form.first === 'photos') {
    const room = before - wholeMm(page, 2 * GAP);
    const aspect = row.photo.width / row.photo.height;
    const width = Math.max(1, Math.floor(Math.min(room, aspect * tall)));
    const pictureHeight = Math.max(1, Math.round(width / aspect));
    const x = Math.floor((room - width) / 2);
    items.push(...photoPicture(page, row, form.colours, { x, y: 0, width, height: pictureHeight }));
    const name = labelsOf(page, [{ name: row.name ?? row.photo.name, more: [] }], room);
    const top = pictureHeight + mm(page, BEFORE_LABEL);
    items.push(...setLines(page, name.lines[0]!, { x: room / 2, top, size: name.size, anchor: 'middle' }));
    height = Math.max(height, top + name.lines[0]!.length * lineHeight(page, name.size));
  } else if (form.first === 'names') {
    const name = labelsOf(page, [{ name: row.name ?? row.photo.name, more: [] }], before - mm(page, 2 * GAP));
    const top = Math.max(0, (tall - name.lines[0]!.length * lineHeight(page, name.size)) / 2);
    items.push(...setLines(page, name.lines[0]!, { x: 0, top, size: name.size, anchor: 'start' }));
  }
  return { items, height: Math.ceil(height) + wholeMm(page, BETWEEN_ROWS) };
}
