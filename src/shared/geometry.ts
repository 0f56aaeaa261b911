/**
 * Rectangles and the enlargement grid. Pure arithmetic; whole numbers unless said.
 *
 * The grid: enlarging by a real scale s puts output pixel i of an axis at source position
 * (i + 0.5) / s - 0.5, pixel centres on whole numbers. Every rectangle of an enlargement is a
 * sub-rectangle of the same grid, so a region or a tile has exactly the pixels that the whole would have.
 */

/** Which grid a rectangle is counted in. */
export type Space = 'source' | 'output' | 'screen';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of whole pixels; the phantom `space` keeps source and output rectangles apart. */
export interface Rect<S extends Space = Space> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly space?: S;
}

export const SCALE_MIN = 1;
export const SCALE_MAX = 30;

export const rect = <S extends Space>(x: number, y: number, width: number, height: number): Rect<S> => ({
  x,
  y,
  width,
  height,
});

export const right = (r: Rect): number => r.x + r.width;
export const bottom = (r: Rect): number => r.y + r.height;
export const area = (r: Size): number => r.width * r.height;
export const isEmpty = (r: Size): boolean => r.width <= 0 || r.height <= 0;
export const wholeOf = <S extends Space>(size: Size): Rect<S> => rect<S>(0, 0, size.width, size.height);

/** A rectangle as sentences name it: `64 x 48 at 10, 20`. */
export const placeText = ({ x, y, width, height }: Rect): string => `${width} x ${height} at ${x}, ${y}`;

/** The part common to both; width and height are 0 where there is none. */
export function intersect<S extends Space>(a: Rect<S>, b: Rect<S>): Rect<S> {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return rect<S>(
    x,
    y,
    Math.max(0, Math.min(right(a), right(b)) - x),
    Math.max(0, Math.min(bottom(a), bottom(b)) - y),
  );
}

export function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x && inner.y >= outer.y && right(inner) <= right(outer) && bottom(inner) <= bottom(outer)
  );
}

/** Grown on each side: `before` to the left and above, `after` to the right and below. */
export function grow<S extends Space>(r: Rect<S>, before: number, after: number = before): Rect<S> {
  return rect<S>(r.x - before, r.y - before, r.width + before + after, r.height + before + after);
}

export function translate<S extends Space>(r: Rect<S>, dx: number, dy: number): Rect<S> {
  return rect<S>(r.x + dx, r.y + dy, r.width, r.height);
}

/** Number of output pixels of an axis with `sourceLength` pixels at scale `s`; at least 1. */
export const outputLength = (sourceLength: number, s: number): number =>
  Math.max(1, Math.round(sourceLength * s));

/** The size of a whole photo's enlargement. */
export const outputSize = (source: Size, s: number): Size => ({
  width: outputLength(source.width, s),
  height: outputLength(source.height, s),
});

/**
 * The output pixels that belong to a source region: from the rounded start to the rounded end, so that
 * neighbouring regions have neighbouring outputs; at least 1 x 1 and inside the whole enlargement.
 */
export function outputRect(region: Rect<'source'>, source: Size, s: number): Rect<'output'> {
  const whole = outputSize(source, s);
  const span = (start: number, length: number, total: number): [number, number] => {
    const from = Math.min(total - 1, Math.max(0, Math.round(start * s)));
    const to = Math.min(total, Math.max(from + 1, Math.round((start + length) * s)));
    return [from, to - from];
  };
  const [x, width] = span(region.x, region.width, whole.width);
  const [y, height] = span(region.y, region.height, whole.height);
  return rect<'output'>(x, y, width, height);
}

/** Source position (real, pixel centres on whole numbers) of output pixel centre `i` at scale `s`. */
export const sourcePosition = (i: number, s: number): number => (i + 0.5) / s - 0.5;

/**
 * The smallest source rectangle whose pixels lie within `reach` source pixels of the output rectangle's
 * sample positions, clipped to the source. `reach` is a kernel's or network's support, real, 0 or more.
 */
export function sourceRect(output: Rect<'output'>, s: number, reach: number, source: Size): Rect<'source'> {
  const span = (start: number, length: number, total: number): [number, number] => {
    const first = Math.ceil(sourcePosition(start, s) - reach - 1e-9);
    const last = Math.floor(sourcePosition(start + length - 1, s) + reach + 1e-9);
    const from = Math.min(total - 1, Math.max(0, first));
    const to = Math.max(from, Math.min(total - 1, last));
    return [from, to - from + 1];
  };
  const [x, width] = span(output.x, output.width, source.width);
  const [y, height] = span(output.y, output.height, source.height);
  return rect<'source'>(x, y, width, height);
}
