import type { Size } from '../../../shared/geometry';
import type { Cell, Row } from '../content';
import type { Box, Item } from '../drawing';
import { mm, points, setLines, wholeMm, type Page } from './page';
import { drawnLength, fittingZoom } from './zoom';

/** Millimetres. */
const BETWEEN_ERROR = 0.5;
/** No crop is taller than this, however much room there is. */
const TALLEST = 80;
/** Points. */
const LINE = 0.9;
const BOX_LINE = 1.3;
const OTHER_BOX_LINE = 0.6;

/** The size in dots that all of a row's crops are drawn at. */
export function drawnSize(page: Page, { cells }: Row, room: number, cropZoom: number | undefined): Size {
  const { width, height } = cells[0]!.size;
  const allowed = Math.max(1, Math.floor(Math.min(room, (mm(page, TALLEST) * width) / height)));
  // A ladder's crops have as many sizes as it has scales, and are all drawn as large.
  const isUniform = cells.every(({ size }) => size.width === width && size.height === height);
  if (!isUniform) return { width: allowed, height: Math.max(1, Math.round((allowed * height) / width)) };
  const zoom =
    cropZoom === undefined ? fittingZoom(width, allowed) : cropZoom * Math.round(page.density / 300);
  return { width: drawnLength(width, zoom), height: drawnLength(height, zoom) };
}

export const cellHeight = (page: Page, { cells }: Row, drawn: Size): number =>
  cells.some(({ error }) => error !== undefined)
    ? 2 * drawn.height + wholeMm(page, BETWEEN_ERROR)
    : drawn.height;

const framed = (at: { x: number; y: number } & Size, colour: string, dots: number): Box => ({
  kind: 'box',
  x: at.x - dots,
  y: at.y - dots,
  width: at.width + 2 * dots,
  height: at.height + 2 * dots,
  line: { colour, dots },
});

/** A crop in its row's colour, under it how far it is from the truth. */
export function cellPictures(page: Page, cell: Cell, row: Row, x: number, y: number, drawn: Size): Item[] {
  const dots = Math.max(1, Math.round(points(page, LINE)));
  const at = { x, y, width: drawn.width, height: drawn.height };
  const items: Item[] = [
    framed(at, row.colour, dots),
    { kind: 'picture', smooth: false, picture: cell.picture, ...at, says: cell.name },
  ];
  if (cell.bar) items.push(...scaleBar(page, cell.bar, at, cell.size));
  if (cell.error !== undefined) {
    const below = { ...at, y: y + drawn.height + wholeMm(page, BETWEEN_ERROR) };
    items.push({
      kind: 'picture',
      smooth: false,
      picture: cell.error,
      ...below,
      says: `${cell.name}: error`,
    });
  }
  return items;
}

/** White in black, so that it is seen on any picture. */
function scaleBar(
  page: Page,
  bar: NonNullable<Cell['bar']>,
  at: { readonly x: number; readonly y: number } & Size,
  size: Size,
): Item[] {
  const inset = wholeMm(page, 0.8);
  const edge = wholeMm(page, 0.15);
  const height = wholeMm(page, 0.5);
  const width = Math.max(1, Math.round((bar.pixels * at.width) / size.width));
  const letters = 5.5;
  const textWidth = Math.ceil(page.measure(bar.says, 'regular') * points(page, letters));
  const x = at.x + inset;
  const y = at.y + at.height - inset - height;
  const textTop = y - points(page, letters * 1.25);
  return [
    {
      kind: 'box',
      x: x - edge,
      y: Math.round(textTop) - edge,
      width: Math.max(width, textWidth) + 2 * edge,
      height: y + height - Math.round(textTop) + 2 * edge,
      fill: '#000000',
    },
    { kind: 'box', x, y, width, height, fill: '#ffffff' },
    ...setLines(
      { ...page, inks: { background: null, ink: '#ffffff', muted: '#ffffff' } },
      [[{ text: bar.says }]],
      {
        x,
        top: textTop,
        size: letters,
        anchor: 'start',
      },
    ),
  ];
}

/** The photo with its crops' boxes, the row's own more strongly. */
export function photoPicture(
  page: Page,
  row: Row,
  colours: ReadonlyMap<Row['region'], string>,
  at: { readonly x: number; readonly y: number } & Size,
): Item[] {
  const { photo, region: own } = row;
  const box = (region: Row['region'], line: number): Box => {
    const dots = Math.max(1, Math.round(points(page, line)));
    const x = at.x + Math.round((region.x * at.width) / photo.width);
    const y = at.y + Math.round((region.y * at.height) / photo.height);
    const width = Math.max(2 * dots + 1, Math.round((region.width * at.width) / photo.width));
    const height = Math.max(2 * dots + 1, Math.round((region.height * at.height) / photo.height));
    return { kind: 'box', x, y, width, height, line: { colour: colours.get(region) ?? row.colour, dots } };
  };
  const others = row.neighbours.filter((region) => region !== own);
  return [
    {
      kind: 'picture',
      smooth: true,
      picture: photo.picture,
      x: at.x,
      y: at.y,
      width: at.width,
      height: at.height,
      says: photo.name,
    },
    ...others.map((region) => box(region, OTHER_BOX_LINE)),
    box(own, BOX_LINE),
  ];
}
