import { intersect, isEmpty, rect, type Rect, type Space } from './geometry';

/**
 * How an area is cut into tiles: a grid of `columns` x `rows` cores whose sides differ by at most one
 * pixel, so that no thin last tile is left over; every pixel lies in exactly one core. Nothing is stored
 * per tile: a plan of a million tiles is as small as one of four.
 */
export interface TilePlan<S extends Space = Space> {
  readonly area: Rect<S>;
  readonly columns: number;
  readonly rows: number;
}

export interface Tile<S extends Space = Space> {
  readonly column: number;
  readonly row: number;
  /** The pixels that this tile and no other stands for. */
  readonly core: Rect<S>;
}

/**
 * The plan whose tiles have at most `targetSide` pixels a side (whole, 1 or more), evenly. Up to `longest` they may be
 * longer one way, where they are as much shorter the other: so a few large tiles stand where sides would come out a little
 * too long for them, and no tile has more than `targetSide` squared pixels.
 */
export function planTiles<S extends Space>(
  area: Rect<S>,
  targetSide: number,
  longest = targetSide,
): TilePlan<S> {
  if (!(Number.isInteger(targetSide) && targetSide >= 1)) {
    throw new RangeError(`planTiles expects a whole tile side of 1 or more, received ${targetSide}`);
  }
  if (isEmpty(area)) return { area, columns: 0, rows: 0 };
  const { width, height } = area;
  let best = { area, columns: Math.ceil(width / targetSide), rows: Math.ceil(height / targetSide) };
  const most = Math.ceil((best.columns * longest) / targetSide);
  for (let columns = Math.ceil(width / Math.max(longest, targetSide)); columns <= most; columns++) {
    const wide = Math.ceil(width / columns);
    const high = Math.min(longest, Math.floor(targetSide ** 2 / wide));
    if (high < 1) continue;
    const rows = Math.ceil(height / high);
    if (columns * rows < best.columns * best.rows) best = { area, columns, rows };
  }
  return best;
}

export const tileCount = (plan: TilePlan): number => plan.columns * plan.rows;

/** Where part `index` of `parts` even parts of `length` starts. */
const cut = (length: number, parts: number, index: number): number => Math.floor((length * index) / parts);

export function tileAt<S extends Space>(plan: TilePlan<S>, column: number, row: number): Tile<S> {
  const { area, columns, rows } = plan;
  if (!(column >= 0 && column < columns && row >= 0 && row < rows)) {
    throw new RangeError(
      `tileAt expects a tile of the ${columns} x ${rows} there are, received column ${column}, row ${row}`,
    );
  }
  const x = cut(area.width, columns, column);
  const y = cut(area.height, rows, row);
  const width = cut(area.width, columns, column + 1) - x;
  const height = cut(area.height, rows, row + 1) - y;
  return { column, row, core: rect<S>(area.x + x, area.y + y, width, height) };
}

/**
 * What must be read for a tile by a network that looks at regions of `align` pixels counted from the picture's corner:
 * its core grown by the overlap, out to whole multiples of `align`, beyond the picture's border too.
 */
export function alignedRead<S extends Space>(
  { x, y, width, height }: Rect<S>,
  { before, after }: { readonly before: number; readonly after: number },
  align: number,
): Rect<S> {
  const start = (from: number): number => Math.floor((from - before) / align) * align;
  const end = (to: number): number => Math.ceil((to + after) / align) * align;
  const [left, top] = [start(x), start(y)];
  return rect<S>(left, top, end(x + width) - left, end(y + height) - top);
}

/** How far a network looks on each side, and what of that it is given of the mirrored picture beyond its border. */
export interface Sight {
  readonly reach: { readonly before: number; readonly after: number };
  readonly border: { readonly before: number; readonly after: number };
  readonly align: number;
}

/** `alignedRead` of a part of the picture `whole`, beyond whose border no more is read than `border`. */
export const readWithin = <S extends Space>(
  part: Rect<S>,
  { reach, border, align }: Sight,
  whole: Rect<S>,
): Rect<S> => intersect(alignedRead(part, reach, align), alignedRead(whole, border, align));

/** All tiles, row by row: the order that fills a file. */
export function* rowsFirst<S extends Space>(plan: TilePlan<S>): Generator<Tile<S>, void, void> {
  for (let row = 0; row < plan.rows; row++) {
    for (let column = 0; column < plan.columns; column++) yield tileAt(plan, column, row);
  }
}

export interface TileBudget {
  /** Bytes that work on one tile may take. */
  readonly bytes: number;
  /** Bytes that work on a tile takes for each pixel read, overlap included; known in advance. */
  readonly bytesPerPixel: number;
  /** Pixels read beyond the core, both sides together. */
  readonly overlap: number;
  readonly smallestSide: number;
  readonly largestSide: number;
}

/**
 * The largest core side, within the limits, whose tile with its overlap stays within the budget. Where even
 * the smallest does not, the smallest: work on it is still bounded, by `smallestSide`.
 */
export function tileSide({ bytes, bytesPerPixel, overlap, smallestSide, largestSide }: TileBudget): number {
  const fits = Math.floor(Math.sqrt(bytes / bytesPerPixel)) - overlap;
  return Math.max(smallestSide, Math.min(largestSide, fits));
}
