import type { Rect } from '../../shared/geometry';
import { place, toScreen, toSource, type Camera } from './camera';
import { isInside, middleOf, type ScreenPoint, type SourcePoint } from './coordinates';

/**
 * The cameras of several panes, one each. Linked, they are one camera: what lies at a distance from the middle
 * of one pane lies at that distance from the middle of every other. Pure.
 */
export type CameraLink = 'together' | 'each';

/** The cameras after one pane's was moved to `camera`. */
export const moveCamera = (
  cameras: readonly Camera[],
  pane: number,
  camera: Camera,
  link: CameraLink,
): Camera[] => cameras.map((other, index) => (link === 'together' || index === pane ? camera : other));

/** As many cameras as there are panes: new panes look where the first one does. */
export const camerasFor = (panes: number, cameras: readonly Camera[]): Camera[] =>
  Array.from({ length: panes }, (_, index) => cameras[index] ?? cameras[0] ?? { zoom: 1, x: 0, y: 0 });

/** The pane under a position of the canvas; null between panes. */
export function paneAt(panes: readonly { readonly rect: Rect<'screen'> }[], at: ScreenPoint): number | null {
  const index = panes.findIndex(({ rect }) => isInside(at, rect));
  return index < 0 ? null : index;
}

/** A position of the canvas, counted from a pane's own corner. */
export const inPane = ({ x, y }: ScreenPoint, rect: Rect<'screen'>): ScreenPoint => ({
  x: x - rect.x,
  y: y - rect.y,
});

/** The point of the photo that a pane shows at a position of the canvas. */
export const sourceIn = (rect: Rect<'screen'>, camera: Camera, at: ScreenPoint): SourcePoint =>
  toSource(camera, rect, inPane(at, rect));

/** Where a pane has the photo's first corner, on the canvas: on a whole device pixel, as tiles are drawn. */
export function photoCorner(rect: Rect<'screen'>, camera: Camera): ScreenPoint {
  const corner = toScreen(camera, rect, { x: 0, y: 0 });
  return { x: Math.round(corner.x + rect.x), y: Math.round(corner.y + rect.y) };
}

/** The cameras as the panes use them: one that follows the cursor looks at what lies under it in the first. */
export function camerasIn(
  panes: readonly { readonly rect: Rect<'screen'>; readonly follows?: boolean }[],
  cameras: readonly Camera[],
  cursor: ScreenPoint | null,
): Camera[] {
  const own = camerasFor(panes.length, cameras);
  const [first] = panes;
  const [base] = own;
  if (!first || !base) return own;
  return own.map((camera, index) =>
    panes[index]?.follows
      ? { ...sourceIn(first.rect, base, cursor ?? middleOf(first.rect)), zoom: base.zoom }
      : camera,
  );
}

/**
 * The cursor as every pane has it, counted from the pane's own corner: in linked panes it points at the same
 * pixel of the photo as in the one that it is over; others have none. null: it is over no pane.
 */
export function cursors(
  panes: readonly { readonly rect: Rect<'screen'>; readonly follows?: boolean }[],
  at: ScreenPoint | null,
  link: CameraLink,
): (ScreenPoint | null)[] {
  const over = at && paneAt(panes, at);
  if (at === null || over === null) return panes.map(() => null);
  const from = panes[over]!.rect;
  const local = inPane(at, from);
  return panes.map(({ rect, follows }, index) => {
    if (index === over) return local;
    if (follows) return middleOf(rect);
    if (link === 'each') return null;
    return {
      x: local.x + (rect.width - from.width) / 2,
      y: local.y + (rect.height - from.height) / 2,
    };
  });
}

/**
 * The cameras after the panes were laid out anew: the pixel of the photo under the cursor, or without a cursor
 * in the middle of the first pane, is still there. `before` may be empty: there was nothing.
 */
export function rearrange(
  before: readonly { readonly rect: Rect<'screen'> }[],
  cameras: readonly Camera[],
  after: readonly { readonly rect: Rect<'screen'> }[],
  cursor: ScreenPoint | null,
): Camera[] {
  const moved = camerasFor(after.length, cameras);
  const from = cursor && paneAt(before, cursor);
  const to = cursor && paneAt(after, cursor);
  if (cursor === null || from === null || to === null) return moved;
  const camera = cameras[from];
  if (!camera) return moved;
  const held = sourceIn(before[from]!.rect, camera, cursor);
  const next = after[to]!.rect;
  return moved.map(() => place(next, held, inPane(cursor, next), camera.zoom));
}
