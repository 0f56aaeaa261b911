import type { Size } from '../../shared/geometry';
import { clampZoom, easeZoom, panBy, place, toSource, type Camera } from './camera';
import type { ScreenPoint, SourcePoint } from './coordinates';

/**
 * A zoom on its way: the point `source` of the photo stays at `anchor` on the screen until `target` is
 * reached. Pure; time comes in.
 */
export interface ZoomMotion {
  readonly anchor: ScreenPoint;
  readonly source: SourcePoint;
  readonly target: number;
  /** Where to come to rest exactly, for a flight to a known camera. */
  readonly end: Camera | null;
}

/** To exactly this zoom, around a screen position. */
export const zoomTowards = (
  camera: Camera,
  viewport: Size,
  anchor: ScreenPoint,
  zoom: number,
): ZoomMotion => ({
  anchor,
  source: toSource(camera, viewport, anchor),
  target: clampZoom(zoom),
  end: null,
});

/** Zooms by a factor around a screen position, on top of a motion still under way. */
export function turnWheel(
  camera: Camera,
  viewport: Size,
  running: ZoomMotion | null,
  anchor: ScreenPoint,
  factor: number,
): ZoomMotion {
  return zoomTowards(camera, viewport, anchor, (running?.target ?? camera.zoom) * factor);
}

/**
 * The way to another camera as one zoom around the point that both show at the same place; null where the
 * zoom stays the same and there is no such point.
 */
export function flyTo(camera: Camera, viewport: Size, end: Camera): ZoomMotion | null {
  const spread = 1 / camera.zoom - 1 / end.zoom;
  if (Math.abs(spread * camera.zoom) < 1e-4) return null;
  const anchor = {
    x: viewport.width / 2 + (end.x - camera.x) / spread,
    y: viewport.height / 2 + (end.y - camera.y) / spread,
  };
  return { anchor, source: toSource(camera, viewport, anchor), target: end.zoom, end };
}

/** A motion whose photo is moved by screen pixels while it goes on. */
export const panMotion = (motion: ZoomMotion, dx: number, dy: number): ZoomMotion => ({
  ...motion,
  anchor: { x: motion.anchor.x + dx, y: motion.anchor.y + dy },
  end: motion.end && panBy(motion.end, dx, dy),
});

/** The camera `elapsed` milliseconds later, and the motion where it is not over. */
export function advance(
  camera: Camera,
  viewport: Size,
  motion: ZoomMotion,
  elapsed: number,
): { camera: Camera; motion: ZoomMotion | null } {
  const zoom = easeZoom(camera.zoom, motion.target, elapsed);
  const moved = place(viewport, motion.source, motion.anchor, zoom);
  if (zoom !== motion.target) return { camera: moved, motion };
  return { camera: motion.end ?? moved, motion: null };
}

/** Two fingers: zooms by the change of their distance around their middle, and follows the middle. */
export function pinch(
  camera: Camera,
  viewport: Size,
  before: readonly [ScreenPoint, ScreenPoint],
  after: readonly [ScreenPoint, ScreenPoint],
): Camera {
  const middle = ([a, b]: readonly [ScreenPoint, ScreenPoint]): ScreenPoint => ({
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
  });
  const spread = ([a, b]: readonly [ScreenPoint, ScreenPoint]): number =>
    Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const zoom = clampZoom((camera.zoom * spread(after)) / spread(before));
  return place(viewport, toSource(camera, viewport, middle(before)), middle(after), zoom);
}
