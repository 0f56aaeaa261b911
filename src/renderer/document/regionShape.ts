import type { Region } from '../../shared/enlargement';
import type { Size } from '../../shared/geometry';

/**
 * Rectangles under a hand: what drawing, moving and resizing make of a region. Pure; source pixels, positions
 * are real with the photo's top left corner at 0, 0, and every answer is whole pixels inside the photo.
 */
export interface SourcePosition {
  readonly x: number;
  readonly y: number;
}

/** Width to height that is kept; null: free. */
export type Ratio = { readonly width: number; readonly height: number } | null;

export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Along one axis from an edge that stays, `length` pixels towards `direction`. */
const from = (fixed: number, direction: number, length: number): number =>
  direction < 0 ? fixed - length : fixed;

/** Which way the moving edge lies; at the fixed edge itself, the way where there is room. */
const wayOf = (fixed: number, moving: number, length: number): 1 | -1 => {
  if (fixed >= length) return -1;
  return moving < fixed && fixed > 0 ? -1 : 1;
};

/** The rectangle from a corner that stays towards a position, in the ratio where one is kept. */
function spanned(fixed: SourcePosition, to: SourcePosition, photo: Size, ratio: Ratio): Region {
  const across = wayOf(fixed.x, to.x, photo.width);
  const down = wayOf(fixed.y, to.y, photo.height);
  const roomX = across < 0 ? fixed.x : photo.width - fixed.x;
  const roomY = down < 0 ? fixed.y : photo.height - fixed.y;
  let width = clamp(Math.round(Math.abs(to.x - fixed.x)), 1, roomX);
  let height = clamp(Math.round(Math.abs(to.y - fixed.y)), 1, roomY);
  if (ratio) {
    const shape = ratio.width / ratio.height;
    const wide = Math.min(
      Math.max(Math.abs(to.x - fixed.x), Math.abs(to.y - fixed.y) * shape),
      roomX,
      roomY * shape,
    );
    width = clamp(Math.round(wide), 1, roomX);
    height = clamp(Math.round(wide / shape), 1, roomY);
  }
  return { x: from(fixed.x, across, width), y: from(fixed.y, down, height), width, height };
}

const onPhoto = ({ x, y }: SourcePosition, photo: Size): SourcePosition => ({
  x: clamp(x, 0, photo.width),
  y: clamp(y, 0, photo.height),
});

/** Drawn from one position to another: every pixel that both touch. */
export function drawn(start: SourcePosition, end: SourcePosition, photo: Size, ratio: Ratio): Region {
  const a = onPhoto(start, photo);
  const b = onPhoto(end, photo);
  const fixed = {
    x: b.x < a.x ? Math.ceil(a.x) : Math.floor(a.x),
    y: b.y < a.y ? Math.ceil(a.y) : Math.floor(a.y),
  };
  const to = {
    x: b.x < a.x ? Math.floor(b.x) : Math.ceil(b.x),
    y: b.y < a.y ? Math.floor(b.y) : Math.ceil(b.y),
  };
  return spanned(fixed, to, photo, ratio);
}

/** A third of the sides of what is seen of the photo, in the middle of that. `seen`: real source pixels. */
export function amid(seen: Region, photo: Size): Region {
  const start = onPhoto(seen, photo);
  const end = onPhoto({ x: seen.x + seen.width, y: seen.y + seen.height }, photo);
  const width = Math.max(1, Math.round((end.x - start.x) / 3));
  const height = Math.max(1, Math.round((end.y - start.y) / 3));
  const x = (start.x + end.x - width) / 2;
  const y = (start.y + end.y - height) / 2;
  return moved({ x, y, width, height }, 0, 0, photo);
}

/** Moved by real pixels; stops at the photo's edge and keeps its size. */
export const moved = (region: Region, dx: number, dy: number, photo: Size): Region => ({
  ...region,
  x: clamp(Math.round(region.x + dx), 0, photo.width - region.width),
  y: clamp(Math.round(region.y + dy), 0, photo.height - region.height),
});

/**
 * Resized by one of the eight handles, which is brought to a position. The opposite corner or edge stays; beyond
 * it the region is turned over. With a ratio an edge takes the other axis along, evenly to both sides.
 */
export function resized(
  region: Region,
  handle: Handle,
  to: SourcePosition,
  photo: Size,
  ratio: Ratio,
): Region {
  const position = onPhoto(to, photo);
  const hasX = handle.includes('w') || handle.includes('e');
  const hasY = handle.includes('n') || handle.includes('s');
  const fixed = {
    x: handle.includes('w') ? region.x + region.width : region.x,
    y: handle.includes('n') ? region.y + region.height : region.y,
  };
  if (hasX && hasY) return spanned(fixed, position, photo, ratio);
  if (hasX) {
    const row = spanned(fixed, { x: position.x, y: fixed.y + 1 }, photo, null);
    return ratio
      ? beside(row, region, 'x', photo, ratio, fixed.x)
      : { ...region, x: row.x, width: row.width };
  }
  const column = spanned(fixed, { x: fixed.x + 1, y: position.y }, photo, null);
  return ratio
    ? beside(column, region, 'y', photo, ratio, fixed.y)
    : { ...region, y: column.y, height: column.height };
}

/** The other axis in the ratio around its middle; both smaller where the photo is too small for it. */
function beside(
  moving: Region,
  region: Region,
  axis: 'x' | 'y',
  photo: Size,
  ratio: NonNullable<Ratio>,
  fixed: number,
): Region {
  const [length, other, place, across] =
    axis === 'x' ? (['width', 'height', 'x', 'y'] as const) : (['height', 'width', 'y', 'x'] as const);
  const shape = ratio[other] / ratio[length];
  const room = photo[other];
  const long = clamp(Math.round(Math.min(moving[length], room / shape)), 1, moving[length]);
  const wide = clamp(Math.round(long * shape), 1, room);
  const middle = region[across] + region[other] / 2;
  const start = clamp(Math.round(middle - wide / 2), 0, room - wide);
  const own = moving[place] < fixed ? fixed - long : fixed;
  return axis === 'x'
    ? { x: own, y: start, width: long, height: wide }
    : { x: start, y: own, width: wide, height: long };
}

/** The right and the lower edge brought out by whole pixels, by keys. */
export const grown = (region: Region, dx: number, dy: number, photo: Size, ratio: Ratio): Region => {
  const { x, y, width, height } = region;
  const to = { x: Math.max(x + 1, x + width + dx), y: Math.max(y + 1, y + height + dy) };
  const handle = dx !== 0 && dy !== 0 ? 'se' : dx !== 0 ? 'e' : 's';
  return resized(region, handle, to, photo, ratio);
};

/** A region as it lies on the screen, in any unit. */
export interface Frame {
  readonly id: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Hit {
  readonly id: string;
  readonly part: Handle | 'edge' | 'inside';
}

/** Where the eight handles of a frame lie. */
export const handlePlaces = ({
  left,
  top,
  right,
  bottom,
}: Frame): Readonly<Record<Handle, SourcePosition>> => {
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  return {
    nw: { x: left, y: top },
    n: { x, y: top },
    ne: { x: right, y: top },
    e: { x: right, y },
    se: { x: right, y: bottom },
    s: { x, y: bottom },
    sw: { x: left, y: bottom },
    w: { x: left, y },
  };
};

const CORNERS_FIRST: readonly Handle[] = ['se', 'nw', 'ne', 'sw', 'e', 's', 'w', 'n'];

/**
 * What a position hits: a handle of the chosen region before all, then an edge, then an inside; of several the
 * one on top (the last), the chosen one before the others. `reach`: how near is near enough.
 */
export function hitRegion(
  frames: readonly Frame[],
  chosen: string | null,
  at: SourcePosition,
  reach: number,
): Hit | null {
  const own = frames.find(({ id }) => id === chosen);
  if (own) {
    const places = handlePlaces(own);
    const part = CORNERS_FIRST.find(
      (handle) => Math.abs(places[handle].x - at.x) <= reach && Math.abs(places[handle].y - at.y) <= reach,
    );
    if (part) return { id: own.id, part };
  }
  const topFirst = [...(own ? [own] : []), ...[...frames].reverse().filter((frame) => frame !== own)];
  const isWithin = ({ left, top, right, bottom }: Frame, margin: number): boolean =>
    at.x >= left - margin && at.x <= right + margin && at.y >= top - margin && at.y <= bottom + margin;
  const edge = topFirst.find((frame) => isWithin(frame, reach) && !isWithin(frame, -reach));
  if (edge) return { id: edge.id, part: 'edge' };
  const inside = topFirst.find((frame) => isWithin(frame, 0));
  return inside ? { id: inside.id, part: 'inside' } : null;
}

/** The square in the middle of a rectangle, or all of it where that is smaller. */
export function middleOf({ x, y, width, height }: Region, side: number): Region {
  const [w, h] = [Math.min(side, width), Math.min(side, height)];
  return { x: x + Math.floor((width - w) / 2), y: y + Math.floor((height - h) / 2), width: w, height: h };
}
