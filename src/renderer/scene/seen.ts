import type { Rect } from '../../shared/geometry';

/** Device pixels of the canvas; the far edges lie outside. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The edges of a rectangle. */
export const edgesOf = ({ x, y, width, height }: Rect<'screen'>): Edges => ({
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
});

export const overlap = (a: Edges, b: Edges): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** What of an area is left beside what covers a part of it: up to four rectangles that do not overlap. */
function besides(area: Edges, cover: Edges): Edges[] {
  if (!overlap(area, cover)) return [area];
  const top = Math.max(area.top, cover.top);
  const bottom = Math.min(area.bottom, cover.bottom);
  return [
    { ...area, bottom: top },
    { left: area.left, top, right: cover.left, bottom },
    { left: cover.right, top, right: area.right, bottom },
    { ...area, top: bottom },
  ].filter(({ left, right, ...rows }) => left < right && rows.top < rows.bottom);
}

/**
 * Of pictures that lie on one another, the topmost first, those of which anything is seen in a part of the canvas, the
 * lowest first, as they are drawn: what opaque ones above hide would cost the graphics device as much as what is seen.
 * No more are taken from the list once all of the part is covered.
 */
export function seenIn<Picture extends Edges & { readonly opacity: number }>(
  topFirst: Iterable<Picture>,
  part: Rect<'screen'>,
): Picture[] {
  let open = [edgesOf(part)];
  const seen: Picture[] = [];
  for (const picture of topFirst) {
    if (!open.some((area) => overlap(area, picture))) continue;
    seen.push(picture);
    if (picture.opacity < 1) continue;
    open = open.flatMap((area) => besides(area, picture));
    if (open.length === 0) break;
  }
  return seen.reverse();
}
