import type { Size } from '../../../shared/geometry';
import type { Row } from '../content';
import type { Item } from '../drawing';
import { cellLabels, told, widest } from './labels';
import { lineHeight, mm, points, setLines, TYPE, wholeMm, type Page, type Part } from './page';
import { cellHeight, cellPictures, drawnSize, photoPicture } from './pictures';

/** Millimetres. */
const GAP = 1.4;
const AFTER_PHOTO = 2.4;
const BEFORE_LABEL = 0.7;
const BETWEEN_LINES = 1.2;
/** The photo takes at most this part of the width. */
const PHOTO_MOST = 0.42;

/** Millimetres: where crops would be narrower, they stand in more lines. */
const NARROWEST = 13;

interface Grid {
  readonly lines: number;
  readonly columns: number;
  /** The width that a crop may have, in dots. */
  readonly room: number;
}

/** Two lines of crops, one where they are few, or as many as it takes for each to be wide enough. */
function gridOf(page: Page, row: Row): Grid {
  const count = row.cells.length;
  const figures = row.cells.flatMap(told);
  const narrowest = Math.max(
    mm(page, NARROWEST),
    widest(figures, page.measure) * points(page, TYPE.least + 0.5) - mm(page, GAP),
  );
  const isTall = row.cells.some(({ error }) => error !== undefined);
  for (let lines = count <= (isTall ? 5 : 3) ? 1 : 2; ; lines++) {
    const columns = Math.ceil(count / lines);
    const room = roomIn(page, row, lines, columns);
    if (room >= narrowest || columns === 1) return { lines, columns, room };
  }
}

/** The width that a crop of a row may have, in dots, so that photo and crops are as high as each other. */
export const paperRoom = (page: Page, row: Row): number => gridOf(page, row).room;

/** Before labels are set: a name in one line, and its figures. */
const labelLines = ({ cells }: Row): number => 1 + Math.max(...cells.map((cell) => told(cell).length));

function roomIn(page: Page, row: Row, lines: number, columns: number): number {
  const { size, error } = row.cells[0]!;
  const tall = (size.height / size.width) * (error === undefined ? 1 : 2);
  const aspect = row.photo.width / row.photo.height;
  const gaps = mm(page, AFTER_PHOTO + GAP * (columns - 1));
  const between =
    (lines - 1) * (mm(page, BEFORE_LABEL + BETWEEN_LINES) + lineHeight(page, TYPE.name) * labelLines(row));
  const level = (page.width - gaps - aspect * between) / (columns + aspect * lines * tall);
  const photoWidth = aspect * (lines * level * tall + between);
  return photoWidth <= PHOTO_MOST * page.width ? level : (page.width * (1 - PHOTO_MOST) - gaps) / columns;
}

/** A block's measures, before its labels have the size that all blocks' have. */
interface Block {
  readonly grid: Grid;
  readonly drawn: Size;
  readonly gap: number;
  readonly labelRoom: number;
}

function blockOf(page: Page, row: Row, cropZoom: number | undefined): Block {
  const grid = gridOf(page, row);
  const drawn = drawnSize(page, row, grid.room, cropZoom);
  const gap = wholeMm(page, GAP);
  return { grid, drawn, gap, labelRoom: drawn.width + gap * 0.8 };
}

/** The size in points at which the labels of a block fit. */
export function paperType(page: Page, row: Row, cropZoom: number | undefined): number {
  return cellLabels(page, row.cells, blockOf(page, row, cropZoom).labelRoom).size;
}

export interface PaperForm {
  readonly cropZoom: number | undefined;
  readonly colours: ReadonlyMap<Row['region'], string>;
  /** In points: one for all blocks. */
  readonly type: number;
}

/** A photo on the left, what the methods made of one of its crops in lines beside it. */
export function paperBlock(page: Page, row: Row, { cropZoom, colours, type }: PaperForm): Part {
  const { grid, drawn, gap, labelRoom } = blockOf(page, row, cropZoom);
  const { lines, columns } = grid;
  const tall = cellHeight(page, row, drawn);
  const before = wholeMm(page, BEFORE_LABEL);
  const labels = cellLabels(page, row.cells, labelRoom, type);
  const labelHeight = Math.ceil(labels.lines[0]!.length * lineHeight(page, labels.size)) + before;
  const lineStep = tall + labelHeight + wholeMm(page, BETWEEN_LINES);
  const height = (lines - 1) * lineStep + tall + labelHeight;

  const left = page.width - wholeMm(page, AFTER_PHOTO) - columns * drawn.width - (columns - 1) * gap;
  // Down to the foot of the last line of crops, so that all their captions begin on one line.
  const foot = height - labelHeight;
  const photo = photoSize(row.photo, left, foot);
  // Whole dots may leave one between; a photo that its width limits has its caption right under it.
  const captionTop = (foot - photo.height <= 1 ? foot : photo.height) + before;
  // What the photo does not need is spread between the columns.
  const spread = Math.max(0, Math.floor((left - photo.width) / columns));
  const first = photo.width + wholeMm(page, AFTER_PHOTO) + spread;

  const items: Item[] = photoPicture(page, row, colours, { x: 0, y: 0, ...photo });
  items.push(
    ...setLines(page, [[{ text: row.name ?? row.photo.name }]], {
      x: photo.width / 2,
      top: captionTop,
      size: labels.size,
      anchor: 'middle',
    }),
  );
  row.cells.forEach((cell, k) => {
    const x = first + (k % columns) * (drawn.width + gap + spread);
    const y = Math.floor(k / columns) * lineStep;
    items.push(...cellPictures(page, cell, row, x, y, drawn));
    items.push(
      ...setLines(page, labels.lines[k]!, {
        x: x + drawn.width / 2,
        top: y + tall + before,
        size: labels.size,
        anchor: 'middle',
      }),
    );
  });
  return { items, height: Math.ceil(height) };
}

/** As large as fits into a room. */
function photoSize({ width, height }: Size, roomWidth: number, roomHeight: number): Size {
  const zoom = Math.min(roomWidth / width, roomHeight / height);
  return { width: Math.max(1, Math.floor(width * zoom)), height: Math.max(1, Math.floor(height * zoom)) };
}
