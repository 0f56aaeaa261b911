import { FaultError } from '../../../shared/faults';
import { SHEET_DENSITY } from '../../../shared/sheet';
import type { Row, SheetContent } from '../content';
import type { Drawing, Measure } from '../drawing';
import { wrap } from './lines';
import {
  INKS,
  lineHeight,
  mm,
  moved,
  points,
  setLines,
  stacked,
  TYPE,
  wholeMm,
  type Page,
  type Part,
} from './page';
import { paperBlock, paperRoom, paperType } from './paper';
import { tradeoffPart } from './tradeoff';
import { table, tableRoom, type TableForm } from './table';
import { densityFactor } from './zoom';

/** Millimetres. */
const MARGIN = 1.2;
const BETWEEN_BLOCKS = 3.2;
const AROUND_BODY = 1.6;

const pageOf = ({ style }: SheetContent, measure: Measure, factor: number): Page => {
  const density = SHEET_DENSITY * factor;
  const width = Math.round(mm({ density }, style.widthCm * 10 - 2 * MARGIN));
  return { density, width, inks: INKS[style.theme], measure };
};

const FIRST: Readonly<Record<Exclude<SheetContent['layout'], 'paper'>, TableForm['first']>> = {
  strip: 'nothing',
  ladder: 'names',
  grid: 'photos',
};

/** The width that each row's crops may have. */
function roomsOf(page: Page, { layout, rows }: SheetContent): readonly number[] {
  if (layout === 'paper') return rows.map((row) => paperRoom(page, row));
  return rows.map(() => tableRoom(page, rows, FIRST[layout]).room);
}

function expectZoomFits({ style, rows }: SheetContent, rooms: readonly number[]): void {
  const zoom = style.cropZoom;
  if (zoom === undefined) return;
  const most = Math.floor(Math.min(...rows.map(({ cells }, k) => rooms[k]! / cells[0]!.size.width)));
  if (zoom <= most) return;
  throw new FaultError(
    'bad-option',
    most < 1
      ? `Expected crops that fit beside each other at a crop zoom of ${zoom}, but not even one of 1 fits on ` +
          `${style.widthCm} cm; leave the crop zoom out, choose smaller crops or fewer methods.`
      : `Expected a crop zoom of at most ${most} for these crops on ${style.widthCm} cm, received ${zoom}.`,
  );
}

function body(page: Page, content: SheetContent): Part {
  const { layout, rows, style } = content;
  const colours = new Map(rows.map(({ region, colour }): [Row['region'], string] => [region, colour]));
  if (layout !== 'paper')
    return table(page, rows, { first: FIRST[layout], cropZoom: style.cropZoom, colours });
  const { cropZoom } = style;
  const type = Math.min(...rows.map((row) => paperType(page, row, cropZoom)));
  return stacked(
    rows.map((row) => paperBlock(page, row, { cropZoom, colours, type })),
    wholeMm(page, BETWEEN_BLOCKS),
  );
}

function paragraph(page: Page, text: string, size: number, span: { weight?: 'bold'; muted?: boolean }): Part {
  const lines = wrap(text, page.width / points(page, size), page.measure, span);
  return {
    items: setLines(page, lines, { x: 0, top: 0, size, anchor: 'start' }),
    height: Math.ceil(lines.length * lineHeight(page, size)),
  };
}

/**
 * Where everything of a sheet lies: a function of its content and of how wide letters are. The density is the
 * least multiple of 300 dots an inch at which crops, drawn with whole dots for each pixel, fill their columns.
 * Throws `bad-option` where a crop zoom was asked for that does not fit.
 */
export function layOut(content: SheetContent, measure: Measure): Drawing {
  const coarse = pageOf(content, measure, 1);
  const rooms = roomsOf(coarse, content);
  expectZoomFits(content, rooms);
  const uniform = content.rows.flatMap(({ cells }, k) => {
    const { width, height } = cells[0]!.size;
    const isUniform = cells.every(({ size }) => size.width === width && size.height === height);
    return isUniform ? [{ pixels: width, room: rooms[k]! }] : [];
  });
  const factor = content.style.cropZoom === undefined ? densityFactor(uniform) : 1;
  const page = pageOf(content, measure, factor);
  const { title, theme } = content.style;
  const around = wholeMm(page, AROUND_BODY);
  const margin = wholeMm(page, MARGIN);
  const { items, height } = stacked(
    [
      ...(title === '' ? [] : [paragraph(page, title, TYPE.title, { weight: 'bold' })]),
      body(page, content),
      ...(content.tradeoff ? [tradeoffPart(page, content.tradeoff, theme)] : []),
      paragraph(page, content.caption, TYPE.caption, { muted: true }),
    ],
    around,
  );
  return {
    density: page.density,
    background: page.inks.background,
    width: page.width + 2 * margin,
    height: height + 2 * margin,
    items: moved(items, margin, margin),
  };
}
